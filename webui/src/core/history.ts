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
  /** The first entry that does not follow from the one before, counted from 1, and what it fails by. */
  | { readonly is: "broken"; readonly at: number; readonly why: "seq" | "hash"; readonly entries: readonly HistoryEntry[] }
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
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const BODY = '"body"';
/** How deep the members of an entry stand: in the document, in the list, in the entry. */
const ENTRY = 3;
const KEYS = 5;

/** As ReadHistory of core/journal.h: white space says nothing, every other byte does. */
export async function checkHistory(
  bytes: Uint8Array,
  sha256: (bytes: Uint8Array) => Promise<string>,
): Promise<HistoryCheck> {
  const history = read(bytes);
  if (typeof history === "string") return { is: "no-history", why: history };
  const { entries, bodies } = history;
  let previous = FIRST;
  for (const [i, { seq, atMs, kind, hash }] of entries.entries()) {
    const at = i + 1;
    if (seq !== at) return { is: "broken", at, why: "seq", entries };
    const text = `${previous}\n${seq}\n${atMs}\n${kind}\n${bodies[i]}\n`;
    const holds = /^[a-z]{1,64}$/.test(kind) && (await sha256(new TextEncoder().encode(text))) === hash;
    if (!holds) return { is: "broken", at, why: "hash", entries };
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
    } else if (known !== undefined && kind !== "receipt") {
      reports.set(id, { ...known, fate: kind });
    }
  }
  return [...reports.values()].reverse();
}

interface History {
  readonly entries: readonly HistoryEntry[];
  /** Of each entry, as the core's writer prints it. */
  readonly bodies: readonly string[];
}

/** The entries, or why there are none. */
function read(bytes: Uint8Array): History | string {
  let text: string;
  let document: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    document = JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { candorHistory, entries } = (document ?? {}) as { candorHistory?: unknown; entries?: unknown };
  if (candorHistory !== 1) return `"candorHistory": ${JSON.stringify(candorHistory) ?? "-"}`;
  if (!Array.isArray(entries)) return '"entries"';
  const bad = entries.findIndex((entry) => !isEntry(entry));
  if (bad >= 0) return `/entries/${bad}`;
  const { bodies, keys } = bodiesOf(text);
  // A key that stands twice would let one value be shown and another be hashed.
  const twice = keys.findIndex((count) => count !== KEYS);
  return bodies.length === entries.length && twice < 0 ? { entries: entries as HistoryEntry[], bodies } : `/entries/${Math.max(twice, 0)}`;
}

/**
 * The texts of the bodies with the white space that the core's writer puts, and how many keys each
 * entry has. Strings and numbers stay the very text they are: nothing is parsed and printed again.
 * `text` is known to be JSON.
 */
function bodiesOf(text: string): { readonly bodies: string[]; readonly keys: number[] } {
  const bodies: string[] = [];
  const keys: number[] = [];
  let depth = 0;
  let key = "";
  let last = "";
  let body: Printer | undefined;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") {
      if (depth === ENTRY && key === BODY) body = new Printer();
      if (++depth === ENTRY) keys.push(0);
    }
    body?.put(token);
    if (token === "}" || token === "]") depth--;
    if (depth === ENTRY && body !== undefined) {
      bodies.push(body.text);
      body = undefined;
    } else if (depth === ENTRY && token === ":") {
      key = last;
      keys[keys.length - 1] = (keys.at(-1) ?? 0) + 1;
    }
    last = token;
  }
  return { bodies, keys };
}

/** The white space of JSON.stringify(value, null, 2) around the tokens of a value. */
class Printer {
  text = "";
  #depth = 0;
  #opened = false;

  put(token: string): void {
    if (token === "}" || token === "]") {
      this.#depth--;
      if (!this.#opened) this.#break();
      this.#opened = false;
      this.text += token;
      return;
    }
    if (this.#opened) this.#break();
    this.#opened = token === "{" || token === "[";
    this.text += token === ":" ? ": " : token;
    if (this.#opened) this.#depth++;
    if (token === ",") this.#break();
  }

  #break(): void {
    this.text += `\n${"  ".repeat(this.#depth)}`;
  }
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
