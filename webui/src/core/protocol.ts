/** What the page and its worker say to each other. */

import type { Input, Outcome } from "@candor/core";

export interface Tasks {
  /** One operation of the core. */
  perform: { readonly ask: { readonly operation: string; readonly inputs: readonly Input[] }; readonly answer: Outcome };
  /** SHA-256 in lower-case hexadecimal. */
  digest: { readonly ask: { readonly bytes: Uint8Array }; readonly answer: string };
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
