/** What --help prints. */

import { type Command, COMMANDS, type OptionName, OPTIONS } from "./commands.js";

export function generalHelp(): string {
  const rows = [...COMMANDS].map(([name, { summary }]): [string, string] => [name, summary]);
  return (
    "candor-core COMMAND ...\n\n" +
    "Candor's core, run from its WebAssembly module. Every command prints what `candor` prints.\n\n" +
    table(rows) +
    "\ncandor-core COMMAND --help says more. Standard input is - .\n" +
    "Exit status: 0 good; 2 refused, with the problems on standard error; 1 anything else.\n"
  );
}

export function commandHelp(name: string, command: Command): string {
  const names: OptionName[] = [...command.options, "json"];
  const words = [...command.words, ...(command.required ?? []).map((option) => typed(option)), "[OPTION]..."];
  const rows = names.map((option): [string, string] => {
    const { short, many, help } = OPTIONS[option];
    const prefix = short === undefined ? "" : `-${short}, `;
    return [prefix + typed(option), help + (many ? " (may be repeated)" : "")];
  });
  return `candor-core ${name} ${words.join(" ")}\n\n${command.summary}\n\n${table(rows)}`;
}

function typed(option: OptionName): string {
  const { value } = OPTIONS[option];
  return value === undefined ? `--${option}` : `--${option} ${value}`;
}

function table(rows: readonly [string, string][]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}
