/** What the page and its worker say to each other. */

import type { CoreProblem, Input, Outcome } from "@candor/core";

import type { BundleClaims } from "./bundle.js";
import type { HistoryCheck } from "./history.js";
import type { SharedRuns } from "./line-diff.js";
import type { LineIndex } from "./line-index.js";
import type { Found } from "./search.js";

/** A report to show: the bytes, or what the core makes them from. */
export type ReportSource =
  | { readonly report: Uint8Array<ArrayBuffer> }
  | { readonly bundle: Uint8Array<ArrayBuffer>; readonly withhold?: readonly string[] }
  | { readonly inputs: readonly Input[] };

export type Shown =
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly index: LineIndex }
  | { readonly problems: readonly CoreProblem[]; readonly suppressed: number }
  /** Wrong use, or out of memory. */
  | { readonly failure: string };

export interface Tasks {
  /** One operation of the core. */
  perform: { readonly ask: { readonly operation: string; readonly inputs: readonly Input[] }; readonly answer: Outcome };
  /** SHA-256 in lower-case hexadecimal. */
  digest: { readonly ask: { readonly bytes: Uint8Array }; readonly answer: string };
  /** Builds the report if need be, and indexes its lines. The worker keeps it as `document`. */
  show: { readonly ask: { readonly document: number; readonly source: ReportSource }; readonly answer: Shown };
  forget: { readonly ask: { readonly document: number }; readonly answer: null };
  search: { readonly ask: { readonly document: number; readonly text: string }; readonly answer: Found };
  /** SHA-256 of a document. */
  seal: { readonly ask: { readonly document: number }; readonly answer: string };
  /** The first byte at which a document differs from others; null if it does not. */
  compare: { readonly ask: { readonly document: number; readonly other: Uint8Array }; readonly answer: number | null };
  diff: { readonly ask: { readonly from: number; readonly to: number }; readonly answer: { readonly runs: SharedRuns } };
  /** Null for what is no bundle. */
  claims: { readonly ask: { readonly bundle: Uint8Array }; readonly answer: BundleClaims | null };
  history: { readonly ask: { readonly bytes: Uint8Array }; readonly answer: HistoryCheck };
}

export type TaskName = keyof Tasks;

export type Request = {
  [Name in TaskName]: { readonly id: number; readonly task: Name; readonly ask: Tasks[Name]["ask"] };
}[TaskName];

/** The first message: the module's bytes, or why there are none. */
export interface Start {
  readonly module: ArrayBuffer | string;
}

export interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}
