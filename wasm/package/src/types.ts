/** What goes into the core and what comes out. */

/** A named input of an operation, in the order given. Text travels as UTF-8. */
export interface Input {
  readonly name: string;
  readonly bytes: Uint8Array | string;
}

/** 0: good. 1: wrong use, out of memory, a bug. 2: the input has problems. */
export type Status = 0 | 1 | 2;

export interface Outcome {
  readonly status: Status;
  /** What the native program prints on standard output; empty unless the status is 0. */
  readonly output: Uint8Array<ArrayBuffer>;
  /** What it prints on standard error. */
  readonly errors: string;
}
