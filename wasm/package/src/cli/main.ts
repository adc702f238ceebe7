/** `candor-core`: the sub-commands of `candor`, run by the WebAssembly module. */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { CoreLoadError } from "../core.js";
import { loadPackagedCore } from "../node.js";
import type { Input, Outcome } from "../types.js";
import { type Arguments, type Command, COMMANDS, type OptionName, OPTIONS } from "./commands.js";
import { reason, UseError } from "./files.js";
import { commandHelp, generalHelp } from "./help.js";
import { print, Refused } from "./problems.js";

/** Returns the exit status: 0 good, 1 wrong use or failure, 2 refused. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await run(argv);
  } catch (error) {
    if (!(error instanceof UseError || error instanceof CoreLoadError)) throw error;
    process.stderr.write(`candor: ${error.message}\n`);
    return 1;
  }
}

async function run(argv: readonly string[]): Promise<number> {
  const [name, command, rest] = findCommand(argv);
  if (command === undefined) return help(name);
  const given = parse(name, command, rest);
  if (given === "help") {
    await write(commandHelp(name, command));
    return 0;
  }
  let inputs: Input[];
  try {
    inputs = command.inputs(given);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    process.stderr.write(print(error.problems, given.options.json !== undefined));
    return 2;
  }
  for (const flag of ["json", "openmetrics", "strict"] as const) {
    if (given.options[flag] !== undefined) inputs.push({ name: `option:${flag}`, bytes: "" });
  }
  const core = await loadPackagedCore();
  return finish(core.perform(command.operation, inputs), given.options.output?.[0]);
}

async function help(word: string): Promise<number> {
  if (["help", "--help", "-h", "catalogue"].includes(word)) {
    await write(generalHelp());
    return 0;
  }
  throw new UseError(
    word === "" ? `a command is missing\n${generalHelp()}` : `there is no command ${word}; see --help`,
  );
}

/** The command's name in full, itself, and what stands behind it. */
function findCommand(argv: readonly string[]): [string, Command | undefined, readonly string[]] {
  const [first = "", second = ""] = argv;
  const two = `${first} ${second}`;
  const both = COMMANDS.get(two);
  if (both !== undefined) return [two, both, argv.slice(2)];
  const isGroup = first === "catalogue" && second !== "" && !second.startsWith("-");
  return [isGroup ? two : first, COMMANDS.get(first), argv.slice(1)];
}

function parse(name: string, command: Command, argv: readonly string[]): Arguments | "help" {
  const known: OptionName[] = [...command.options, "json"];
  const options: Record<string, { type: "string" | "boolean"; multiple: true; short?: string }> = {
    help: { type: "boolean", multiple: true, short: "h" },
  };
  for (const option of known) {
    const { value, short } = OPTIONS[option];
    const type = value === undefined ? "boolean" : "string";
    options[option] = { type, multiple: true, ...(short === undefined ? {} : { short }) };
  }
  const { values, positionals } = parseWords([...argv], options);
  if (values["help"] !== undefined) return "help";

  const given: Partial<Record<OptionName, string[]>> = {};
  for (const option of known) {
    const all = values[option];
    if (!Array.isArray(all)) continue;
    if (all.length > 1 && OPTIONS[option].value !== undefined && !OPTIONS[option].many) {
      throw new UseError(`--${option} is given ${all.length} times; it is taken once`);
    }
    given[option] = all.map((value) => (typeof value === "string" ? value : ""));
  }
  for (const option of command.required ?? []) {
    if (given[option] === undefined) throw new UseError(`${name} needs --${option}; see ${name} --help`);
  }
  checkWords(name, command.words, positionals);
  return { words: positionals, options: given };
}

function parseWords(args: string[], options: NonNullable<Parameters<typeof parseArgs>[0]>["options"]) {
  try {
    return parseArgs({ args, options: options ?? {}, allowPositionals: true });
  } catch (error) {
    throw new UseError(reason(error));
  }
}

function checkWords(name: string, wanted: readonly string[], got: readonly string[]): void {
  const many = wanted[0]?.endsWith("...") === true;
  if (got.length < wanted.length) throw new UseError(`${name} needs ${wanted.slice(got.length).join(" ")}`);
  if (got.length > wanted.length && !many) throw new UseError(`${name} does not take ${got[wanted.length]}`);
}

async function finish(outcome: Outcome, path: string | undefined): Promise<number> {
  process.stderr.write(outcome.status === 1 ? `candor: ${outcome.errors}` : outcome.errors);
  if (outcome.status !== 0) return outcome.status;
  if (path === undefined) {
    await write(outcome.output);
    return 0;
  }
  try {
    writeFileSync(path, outcome.output);
  } catch (error) {
    throw new UseError(`cannot write ${path}: ${reason(error)}`);
  }
  return 0;
}

/** Waits until it is out: a pipe may be slower than we are, or closed. */
function write(bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(new UseError(`cannot write: ${error.message}`));
    process.stdout.once("error", failed);
    process.stdout.write(bytes, (error) => (error ? failed(error) : resolve()));
  });
}
