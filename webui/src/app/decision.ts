/**
 * A decision from the click until the server has it. It is kept in the tab's session storage, so that
 * neither a lost connection, an ended session nor a reload loses it, and offered again to the one who
 * made it, never to anybody else.
 */

import type { ConsentRecord, Decision as DecisionBody } from "../api/types.js";
import { formatTime } from "../text/format.js";
import type { Texts } from "../text/index.js";

export interface Decision {
  readonly verdict: "granted" | "denied";
  readonly withheld: readonly string[];
  /** SHA-256 of the report that was looked at; null where none was. */
  readonly digest: string | null;
  /** What it was decided upon; a later decision of somebody else's is not overruled unseen. */
  readonly etag: string;
  readonly who: string;
  readonly madeMs: number;
}

const KEY = "candor-decision";
const MOST_KEPT_MS = 24 * 60 * 60 * 1000;

export function keepDecision(decision: Decision): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(decision));
  } catch {
    // Without storage it still stands on the screen.
  }
}

export function dropDecision(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // There is none, then.
  }
}

/** What `who` decided in this tab and no server has confirmed. */
export function undeliveredDecision(who: string): Decision | undefined {
  const decision = kept();
  return decision?.who === who ? decision : undefined;
}

/** Whether anybody's waits in this tab. */
export const hasUndeliveredDecision = (): boolean => kept() !== undefined;

function kept(): Decision | undefined {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return isDecision(found) && Date.now() - found.madeMs < MOST_KEPT_MS ? found : undefined;
  } catch {
    return undefined;
  }
}

function isDecision(value: unknown): value is Decision {
  if (typeof value !== "object" || value === null) return false;
  const { verdict, withheld, digest, etag, who, madeMs } = value as Record<string, unknown>;
  return (
    (verdict === "granted" || verdict === "denied") &&
    Array.isArray(withheld) && withheld.every((id) => typeof id === "string") &&
    (digest === null || (typeof digest === "string" && /^[0-9a-f]{64}$/.test(digest))) &&
    typeof etag === "string" && typeof who === "string" && typeof madeMs === "number"
  );
}

/** Whether the record is this very decision: its answer was lost, then, and not the decision. */
export function isRecordOf(decision: Decision, record: ConsentRecord | null): boolean {
  if (record === null || record.verdict !== decision.verdict || record.who !== decision.who) return false;
  if (decision.verdict === "denied") return true;
  const same = [...record.withheld].sort().join("\n") === [...decision.withheld].sort().join("\n");
  return same && (decision.digest === null || record.reportDigest === decision.digest);
}

/** The same, as the server takes it. */
export function bodyOf({ verdict, withheld, digest }: Decision): DecisionBody {
  if (verdict === "denied") return { verdict };
  return digest === null ? { verdict, withheld } : { verdict, withheld, digest };
}

/** "Agreed by ada, 3 April 2024 on this page". */
export function decisionText(record: ConsentRecord, { telemetry }: Texts): string {
  const words = record.verdict === "granted" ? telemetry.granted : telemetry.denied;
  const through = (telemetry.through as Readonly<Record<string, string>>)[record.through] ?? record.through;
  return `${words(record.who, formatTime(record.whenMs))} (${through})`;
}
