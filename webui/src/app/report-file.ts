/** The report of a bundle, and the one that would be sent now as a file. */

import type { ApiClient } from "../api/client.js";
import { reportFileName, saveFile } from "../preview/files.js";

/** What a bundle says of its report. */
export interface BundleReport {
  readonly digest: string;
  readonly bytes: number;
}

export function reportOf(bundle: Uint8Array): BundleReport {
  return (JSON.parse(new TextDecoder().decode(bundle)) as { report: BundleReport }).report;
}

/** Downloads the report as it would be sealed now: the bytes that the server froze for this look. */
export async function saveReport(api: ApiClient): Promise<void> {
  const { digest } = reportOf(await api.preview("now", []));
  saveFile(await api.previewBytes(digest), reportFileName(digest));
}
