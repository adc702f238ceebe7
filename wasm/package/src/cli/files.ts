/** Reading what a command names. */

import { readFileSync } from "node:fs";

/** Wrong use or an unreadable file: exit status 1 with this message. */
export class UseError extends Error {
  override readonly name = "UseError";
}

/** The bytes of a file, or of standard input for "-". */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    throw new UseError(`cannot read ${path}: ${reason(error)}`);
  }
}

export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
