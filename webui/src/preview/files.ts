/** Files in and out, and the clipboard. */

/** The most bytes of one file that are read. */
export const MOST_FILE_BYTES = 64 * 2 ** 20;

/** Downloads exactly these bytes. */
export function saveFile(bytes: Uint8Array<ArrayBuffer>, name: string, type = "application/json"): void {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export const reportFileName = (digest: string): string => `candor-report-${digest.slice(0, 16)}.json`;

/** Also where the page is served over plain http, which has no clipboard of its own. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not allowed, or not there.
  }
  const put = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", put, { capture: true, once: true });
  const copied = document.execCommand("copy");
  document.removeEventListener("copy", put, { capture: true });
  return copied;
}
