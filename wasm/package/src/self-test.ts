/** Known questions with known answers, asked before the core says that it is ready. */

import type { Core } from "./core.js";
import type { Input, Status } from "./types.js";

interface Case {
  readonly operation: string;
  readonly inputs: readonly Input[];
  readonly status: Status;
  readonly output: string;
}

const CASES: readonly Case[] = [
  {
    // FIPS 180-4's own example.
    operation: "digest",
    inputs: [{ name: "file:abc", bytes: "abc" }],
    status: 0,
    output: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc\n",
  },
  {
    // Reading, the loss of the signature, and the writer.
    operation: "license",
    inputs: [{ name: "file:key", bytes: 'c2lnbmF0dXJl;Z\u00fcrich "AG";unlimited' }],
    status: 0,
    output: [
      "{",
      '  "customer": "Z\u00fcrich \\"AG\\"",',
      '  "type": "OPTIMIZE",',
      '  "unlimited": true,',
      '  "features": {},',
      '  "raw": "Z\u00fcrich \\"AG\\";unlimited"',
      "}\n",
    ].join("\n"),
  },
  {
    // A problem and its place.
    operation: "check-json",
    inputs: [{ name: "file:cut", bytes: '{"a":' }],
    status: 2,
    output: "",
  },
];

/** What went wrong, or nothing. */
export function runSelfTest(core: Core): string | undefined {
  for (const { operation, inputs, status, output } of CASES) {
    const outcome = core.perform(operation, inputs);
    const text = new TextDecoder().decode(outcome.output);
    if (outcome.status !== status || text !== output) {
      return `${operation} gives status ${outcome.status} and ${JSON.stringify(text)} ${outcome.errors}`;
    }
  }
  return undefined;
}
