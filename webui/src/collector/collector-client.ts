/** What the collector answers, typed. Rejects with ProblemError, with status 0 when no answer came. */

import { ProblemError, readProblem } from "../api/problem.js";

export interface Cell {
  /** null: installations that say nothing here, or `others`. */
  readonly value: string | null;
  /** All groups that are too small to be told. */
  readonly others?: true;
  readonly installations: number;
}

export interface TextPlace {
  readonly place: string;
  /** One installation may stand in several cells. */
  readonly list: boolean;
  readonly values: readonly Cell[];
}

export interface Count {
  readonly place: string;
  readonly of: "latest" | "all";
  readonly installations: number;
  /** Its digits: it may be longer than a number is exact. */
  readonly total: string;
}

export interface CatalogueStatistics {
  readonly name: string;
  readonly installations: number;
  readonly reports: number;
  readonly days: readonly { readonly date: string; readonly installations: number }[];
  readonly texts: readonly TextPlace[];
  readonly counts: readonly Count[];
}

export interface Statistics {
  readonly from: string;
  readonly to: string;
  readonly leastInstallations: number;
  readonly catalogues: readonly CatalogueStatistics[];
}

/** Both days included; "" leaves them to the collector. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

export interface LateReport {
  readonly catalogue: string;
  readonly installation: string;
  readonly time: string;
  readonly way: "post" | "file";
  readonly digest: string;
}

export interface Uploaded {
  /** Else it was here already, and the receipt is its first one. */
  readonly isNew: boolean;
  readonly digest: string;
  /** As it came. */
  readonly receipt: Uint8Array<ArrayBuffer>;
}

const PATIENCE_MS = 120_000;

/** The address of a statistics document, "" or ".csv". */
export function statisticsAddress({ from, to }: Days, form: "" | ".csv"): string {
  const query = new URLSearchParams();
  if (from !== "") query.set("from", from);
  if (to !== "") query.set("to", to);
  return `v1/statistics${form}?${query}`;
}

/** The document as it came, and what it says. */
export async function readStatistics(days: Days): Promise<{ bytes: Uint8Array<ArrayBuffer>; statistics: Statistics }> {
  const bytes = await bytesOf(await ask(statisticsAddress(days, "")));
  // Within a string the quotation mark behind "total" would stand behind a backslash.
  const exact = new TextDecoder().decode(bytes).replace(/"total": ?(-?\d+)/g, '"total": "$1"');
  return { bytes, statistics: JSON.parse(exact) as Statistics };
}

export async function readLatest(most: number): Promise<readonly LateReport[]> {
  const answer = await ask(`v1/reports?latest=${most}`);
  return ((await answer.json()) as { reports: LateReport[] }).reports;
}

/** Hands a report over that somebody carried here as a file. */
export async function uploadReport(file: Blob): Promise<Uploaded> {
  const answer = await ask("v1/reports", {
    method: "POST", body: file, headers: { "Content-Type": "application/json", "Candor-Way": "file" },
  });
  const receipt = await bytesOf(answer);
  const { digest } = JSON.parse(new TextDecoder().decode(receipt)) as { digest: string };
  return { isNew: answer.status === 202, digest, receipt };
}

async function bytesOf(answer: Response): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await answer.arrayBuffer());
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const given = { cache: "no-store", credentials: "omit", redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) } as const;
  let answer: Response;
  try {
    answer = await fetch(new URL(path, document.baseURI), { ...given, ...init });
  } catch {
    throw new ProblemError(0, {});
  }
  if (!answer.ok) throw await readProblem(answer);
  return answer;
}
