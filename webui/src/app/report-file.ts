/** The report of a bundle, and the one that would be sent now as a file. */

import type { ApiClient } from "../api/client.js";
import { ProblemError } from "../api/problem.js";
import { readClaims } from "../core/bundle.js";
import { reportFileName, saveFile } from "../preview/files.js";

/** What a bundle says of its report. */
export interface BundleReport {
  readonly digest: string;
  readonly bytes: number;
}

/** Throws ProblemError for an answer that is no bundle, as when it was cut off on its way. */
export function reportOf(bundle: Uint8Array): BundleReport {
  const claims = readClaims(bundle);
  if (claims?.digest === undefined || claims.bytes === undefined) throw new ProblemError(200, {});
  return { digest: claims.digest, bytes: claims.bytes };
}

/** Downloads the report as it would be sealed now: the bytes that the server froze for this look. */
export async function saveReport(api: ApiClient): Promise<void> {
  const { digest } = reportOf(await api.preview("now", []));
  saveFile(await api.previewBytes(digest), reportFileName(digest));
}
