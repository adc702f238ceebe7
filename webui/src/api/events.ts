/** Live changes: the server says what changed, and the page reads it again. */

export type Change = "status" | "components" | "session";

export interface Watching {
  /** Something changed, or may have changed while nobody listened. */
  changed(what: Change): void;
  /** Whether the server can be heard just now. */
  heard(hears: boolean): void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Listens until the function returned is called. The browser reconnects by itself after a lost
 * connection, but not after a refusal such as 401 or 503; this one tries again after both.
 */
export function watch(address: string, watching: Watching): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;
  let lost = false;

  const connect = (): void => {
    source = new EventSource(address);
    source.onopen = () => {
      wait = FIRST_WAIT_MS;
      watching.heard(true);
      if (lost) for (const what of ["session", "status", "components"] as const) watching.changed(what);
      lost = false;
    };
    source.onerror = () => {
      lost = true;
      watching.heard(false);
      source?.close();
      timer = setTimeout(connect, wait * (0.5 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    };
    for (const what of ["status", "components", "session"] as const) {
      source.addEventListener(what, () => watching.changed(what));
    }
  };
  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
