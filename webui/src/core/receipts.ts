/** Receipts, checked without the network: core/receipt.h says what is signed, and with which keys. */

import { sharedCore } from "./client.js";
import type { HistoryEntry } from "./history.js";

/** "unable": this browser has no Ed25519, or not here. */
export type ReceiptVerdict = "good" | "unsigned" | "unknown" | "wrong" | "unable";
/** What a service answered to the report of a digest. */
export type Answered = readonly [answer: string, digest: string];

const NAMES = ["digest", "time", "key", "signature"] as const;
const ALGORITHM = "Ed25519";

/** With the configured keys alone, where there are any, or else with those that the history holds. */
export async function checkReceipts(answers: readonly Answered[], entries: readonly HistoryEntry[], pinned: readonly string[] = []): Promise<ReceiptVerdict[]> {
  const published = entries.flatMap(({ kind, body }) => (kind === "keys" ? (body["keys"] as string[]) : []));
  const keys = new Map<string, string>();
  for (const key of pinned.length > 0 ? pinned : published) keys.set((await sharedCore().digest(bytesOf(key))).slice(0, 16), key);
  return Promise.all(answers.map((answered) => check(answered, keys)));
}

/** What the services answered, by a history. */
export function answersOf(entries: readonly HistoryEntry[]): Answered[] {
  const digests = new Map<unknown, unknown>();
  return entries.flatMap(({ kind, body: { report, digest, receipt } }): Answered[] => {
    if (kind === "sealed") digests.set(report, digest);
    return kind === "accepted" || kind === "receipt" ? [[String(receipt), String(digests.get(report) ?? digest)]] : [];
  });
}

async function check([answer, digest]: Answered, keys: ReadonlyMap<string, string>): Promise<ReceiptVerdict> {
  // One damaged byte spoils one name at most.
  if (NAMES.filter((name) => answer.includes(`"${name}"`)).length < 3) return "unsigned";
  try {
    const receipt = JSON.parse(answer) as Readonly<Record<string, string>>;
    const [of, time, id = "", signature = ""] = NAMES.map((name) => receipt[name]);
    if (of !== digest || btoa(atob(signature)) !== signature) return "wrong";
    const key = keys.get(id);
    if (key === undefined) return "unknown";
    // Only where the page came by https or from this machine is there a `subtle`.
    const imported = await (crypto.subtle as SubtleCrypto | undefined)?.importKey("raw", bytesOf(key), ALGORITHM, false, ["verify"]).catch(() => undefined);
    if (imported === undefined) return "unable";
    const signed = new TextEncoder().encode(`candor-receipt-1\n${digest}\n${time}\n${id}\n`);
    return (await crypto.subtle.verify(ALGORITHM, imported, bytesOf(signature), signed)) ? "good" : "wrong";
  } catch {
    return "wrong";
  }
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
