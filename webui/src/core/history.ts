/** The exported history, checked without the network: core/journal.h says how entries are chained. */

export interface HistoryEntry {
  readonly seq: number;
  readonly atMs: number;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly hash: string;
}

export type HistoryCheck =
  | { readonly is: "whole"; readonly entries: readonly HistoryEntry[] }
  /** The first entry that does not follow from the one before, counted from 1. */
  | { readonly is: "broken"; readonly at: number; readonly entries: readonly HistoryEntry[] }
  | { readonly is: "no-history"; readonly why: string };

/** A report that the history names. */
export interface KnownReport {
  readonly id: string;
  readonly digest: string;
  readonly sealedMs: number;
  readonly fate: string;
}

const FIRST = "0".repeat(64);
const DIGEST = /^[0-9a-f]{64}$/;

export async function checkHistory(
  bytes: Uint8Array,
  sha256: (bytes: Uint8Array) => Promise<string>,
): Promise<HistoryCheck> {
  const entries = read(bytes);
  if (typeof entries === "string") return { is: "no-history", why: entries };
  let previous = FIRST;
  for (const [i, entry] of entries.entries()) {
    const { seq, atMs, kind, body, hash } = entry;
    // What the core's writer prints of an object is what this prints, and a line feed.
    const text = `${previous}\n${seq}\n${atMs}\n${kind}\n${JSON.stringify(body, null, 2)}\n`;
    const holds = seq === i + 1 && /^[a-z]{1,64}$/.test(kind) && (await sha256(new TextEncoder().encode(text))) === hash;
    if (!holds) return { is: "broken", at: i + 1, entries };
    previous = hash;
  }
  return { is: "whole", entries };
}

/** The reports of a history with what became of them, newest first. */
export function knownReports(entries: readonly HistoryEntry[]): KnownReport[] {
  const reports = new Map<string, KnownReport>();
  for (const { kind, body, atMs } of entries) {
    const { report: id, digest } = body;
    if (typeof id !== "string") continue;
    const known = reports.get(id);
    if (kind === "sealed" && typeof digest === "string") {
      reports.set(id, { id, digest, sealedMs: atMs, fate: "sealed" });
    } else if (known !== undefined) {
      reports.set(id, { ...known, fate: kind });
    }
  }
  return [...reports.values()].reverse();
}

/** The entries, or why there are none. */
function read(bytes: Uint8Array): HistoryEntry[] | string {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { candorHistory, entries } = (document ?? {}) as { candorHistory?: unknown; entries?: unknown };
  if (candorHistory !== 1) return `"candorHistory": ${JSON.stringify(candorHistory) ?? "-"}`;
  if (!Array.isArray(entries)) return '"entries"';
  const bad = entries.findIndex((entry) => !isEntry(entry));
  return bad < 0 ? (entries as HistoryEntry[]) : `/entries/${bad}`;
}

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== "object" || value === null) return false;
  const { seq, atMs, kind, body, hash } = value as Partial<Record<keyof HistoryEntry, unknown>>;
  return (
    Object.keys(value).length === 5 && Number.isSafeInteger(seq) && Number.isSafeInteger(atMs) &&
    typeof kind === "string" && typeof body === "object" && body !== null && !Array.isArray(body) &&
    typeof hash === "string" && DIGEST.test(hash)
  );
}
