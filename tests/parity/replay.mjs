// Runs every case of parity_cases again in the WebAssembly module and compares exit status, standard
// output and standard error, byte for byte. Every JSON answer must be what JSON.stringify prints.
//
//   node tests/parity/replay.mjs [--program FILE] [--break] [words of parity_cases...]
//
// --break changes one byte of every WebAssembly answer: the comparison must then fail.
import { createHash } from "node:crypto";

import { loadPackagedCore } from "@candor/core/node";

import { nativeCases } from "./case-stream.mjs";

const JSON_OPERATIONS = new Set(["report", "config", "license", "catalogue-show", "catalogue-schema"]);
const MOST_SHOWN = 10;

// What is wrong with the answer, or nothing.
export function compare(made, { status, output, errors }) {
  const native = made.outcome;
  if (status !== native.status) return `status ${status}, natively ${native.status}; ${errors}`;
  if (errors !== native.errors.toString()) {
    return `errors ${JSON.stringify(errors)}, natively ${JSON.stringify(native.errors.toString())}`;
  }
  const digest = createHash("sha256").update(output).digest("hex");
  if (digest !== native.digest) return `output ${digest}, natively ${native.digest}`;
  if (status !== 0 && output.length !== 0) return "output although it was refused";
  return status === 0 ? stringifyDifference(made, output) : undefined;
}

function stringifyDifference({ operation, inputs }, output) {
  // The documentation of a catalogue is Markdown, whatever is asked for.
  if (operation === "catalogue-docs") return undefined;
  if (!JSON_OPERATIONS.has(operation) && !inputs.some(({ name }) => name === "option:json")) return undefined;
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(output);
  // Decimal texts and exponents are kept where a document is printed as it was read.
  if (operation === "catalogue-show") return undefined;
  if (JSON.stringify(JSON.parse(text), null, 2) + "\n" === text) return undefined;
  return "is not what JSON.stringify prints";
}

function spoil(outcome) {
  const output = outcome.output.slice();
  if (output.length > 0) output[output.length >> 1] ^= 1;
  return { ...outcome, output, errors: outcome.errors && outcome.errors + " " };
}

async function main(words) {
  let program = "build/native/tests/parity/parity_cases";
  let broken = false;
  const passed = [];
  for (let i = 0; i < words.length; i++) {
    if (words[i] === "--program") program = words[++i];
    else if (words[i] === "--break") broken = true;
    else passed.push(words[i]);
  }
  const core = await loadPackagedCore();
  const tally = new Map();
  let cases = 0;
  let failures = 0;
  for await (const made of nativeCases(program, passed)) {
    const outcome = core.perform(made.operation, made.inputs);
    const difference = compare(made, broken ? spoil(outcome) : outcome);
    cases++;
    const row = `${made.operation} ${outcome.status}`;
    tally.set(row, (tally.get(row) ?? 0) + 1);
    if (difference !== undefined && ++failures <= MOST_SHOWN) {
      console.log(`case ${made.name} (${made.operation}): ${difference.slice(0, 2000)}`);
    }
  }
  for (const [row, count] of [...tally].sort()) console.log(`${String(count).padStart(8)}  ${row}`);
  console.log(`${cases} cases (${passed.join(" ")}), ${failures} differ`);
  return cases > 0 && failures === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
