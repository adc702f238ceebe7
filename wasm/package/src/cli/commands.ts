/** The sub-commands: which words they take, and which inputs of the core those become. */

import { existsSync } from "node:fs";

import type { Input } from "../types.js";
import { configInputs } from "./documents.js";
import { readBytes, UseError } from "./files.js";

export type OptionName =
  | "config" | "facts" | "scrape" | "catalogue" | "profile" | "withhold" | "state" | "now"
  | "output" | "strict" | "openmetrics" | "json";

/** How each option is typed; `value` names its argument, without which it is a flag. */
export const OPTIONS: Readonly<
  Record<OptionName, { value?: string; many?: true; short?: string; help: string }>
> = {
  config: { value: "FILE", many: true, help: "a configuration file; later ones win; - is standard input" },
  facts: { value: "FILE", help: "the facts the report is made from" },
  scrape: { value: "COMPONENT=FILE", many: true, help: "a component's Prometheus exposition" },
  catalogue: { value: "NAME|FILE", help: "a built-in catalogue's name, or a catalogue file" },
  profile: { value: "NAME", help: "one of the catalogue's profiles, such as a product version" },
  withhold: { value: "ID", many: true, help: "a field or data point to hold back" },
  state: { value: "FILE", help: "what the reporter remembers" },
  now: { value: "T", help: "the time to decide for, in Unix milliseconds" },
  output: { value: "FILE", short: "o", help: "write there instead of to standard output" },
  strict: { help: "refuse more than RFC 8259 does: duplicate keys" },
  openmetrics: { help: "read OpenMetrics 1.0 instead of Prometheus text 0.0.4" },
  json: { help: "problems (and answers) as JSON, for machines" },
};

export interface Arguments {
  readonly words: readonly string[];
  /** Absent where not given; a flag is [""]. */
  readonly options: Readonly<Partial<Record<OptionName, readonly string[]>>>;
}

export interface Command {
  /** The operation's name in the core. */
  readonly operation: string;
  /** The words after the command: "FILE", or "CONFIG..." for one or more. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionName[];
  readonly required?: readonly OptionName[];
  readonly inputs: (given: Arguments) => Input[];
}

/** Keyed as typed: "catalogue show" is two words. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["validate", {
    operation: "validate", words: ["CONFIG..."], options: ["catalogue", "profile"],
    summary: "checks configuration files and names every problem",
    inputs: (given) => [...configurations(given), ...catalogueChoice(given)],
  }],
  ["config", {
    operation: "config", words: ["CONFIG..."], options: [],
    summary: "prints the effective configuration and where each value comes from",
    inputs: configurations,
  }],
  ["report", {
    operation: "report", words: [], required: ["config", "facts"],
    options: ["config", "facts", "scrape", "catalogue", "profile", "withhold", "output"],
    summary: "prints the report: the very bytes that would be sent",
    inputs: reportInputs,
  }],
  ["bundle", {
    operation: "bundle", words: ["FILE"], options: ["withhold", "output"],
    summary: "prints the report that the inputs of a bundle make",
    inputs: ({ words, options }) => [
      { name: `bundle:${words[0] ?? ""}`, bytes: readBytes(words[0] ?? "") },
      ...values(options.withhold, "withhold"),
    ],
  }],
  ["digest", {
    operation: "digest", words: ["FILE"], options: [],
    summary: "prints a file's SHA-256",
    inputs: oneFile,
  }],
  ["check-json", {
    operation: "check-json", words: ["FILE"], options: ["strict"],
    summary: "checks that a file is JSON",
    inputs: oneFile,
  }],
  ["check-exposition", {
    operation: "check-exposition", words: ["FILE"], options: ["openmetrics"],
    summary: "checks a Prometheus or OpenMetrics exposition",
    inputs: oneFile,
  }],
  ["license", {
    operation: "license", words: ["FILE"], options: [],
    summary: "prints what would be reported of a licence key",
    inputs: oneFile,
  }],
  ["catalogue list", {
    operation: "catalogue-list", words: [], options: [],
    summary: "names the built-in catalogues",
    inputs: () => [],
  }],
  ["catalogue show", catalogueCommand("show", "prints a catalogue")],
  ["catalogue docs", catalogueCommand("docs", "prints a catalogue's fields as Markdown")],
  ["catalogue schema", catalogueCommand("schema", "prints the JSON Schema of its reports")],
  ["catalogue digest", catalogueCommand("digest", "prints the digests of a catalogue")],
  ["catalogue check", catalogueCommand("check", "checks a catalogue")],
  ["catalogue diff", {
    operation: "catalogue-diff", words: ["OLD", "NEW"], options: [],
    summary: "says what changed between two catalogues, and whether to ask again",
    inputs: ({ words }) => [
      catalogueInput(words[0] ?? "", "older"),
      catalogueInput(words[1] ?? "", "newer"),
    ],
  }],
  ["explain", {
    operation: "explain", words: [], options: ["config", "state", "now", "catalogue", "profile"],
    required: ["config", "state", "now"],
    summary: "says whether a report would be sent now, and why",
    inputs: explainInputs,
  }],
]);

/** A built-in catalogue's name means that catalogue, even where a file is called so. */
const BUILT_IN: ReadonlySet<string> = new Set(["console", "engine", "optimize"]);

function catalogueCommand(verb: string, summary: string): Command {
  return {
    operation: `catalogue-${verb}`, words: ["NAME|FILE"], options: ["profile"], summary,
    inputs: ({ words, options }) => [
      catalogueInput(words[0] ?? ""),
      ...values(options.profile, "profile"),
    ],
  };
}

function configurations({ words }: Arguments): Input[] {
  return configInputs(words);
}

function oneFile({ words }: Arguments): Input[] {
  return [fileInput("file:", words[0] ?? "")];
}

function reportInputs({ options }: Arguments): Input[] {
  const scrapes = (options.scrape ?? []).map(scrapeInput); // Wrong use comes before refusal.
  return [
    ...configInputs(options.config ?? []),
    ...(options.facts ?? []).map((file) => fileInput("facts:", file)),
    ...scrapes,
    ...catalogueChoice({ options }),
    ...values(options.withhold, "withhold"),
  ];
}

function explainInputs({ options }: Arguments): Input[] {
  return [
    ...configInputs(options.config ?? []),
    ...(options.state ?? []).map((file) => fileInput("state:", file)),
    ...values(options.now, "now"),
    ...catalogueChoice({ options }),
  ];
}

function catalogueChoice({ options }: Pick<Arguments, "options">): Input[] {
  return [
    ...(options.catalogue ?? []).map((name) => catalogueInput(name)),
    ...values(options.profile, "profile"),
  ];
}

function values(given: readonly string[] | undefined, name: string): Input[] {
  return (given ?? []).map((bytes) => ({ name, bytes }));
}

function fileInput(kind: string, path: string): Input {
  return { name: kind + path, bytes: readBytes(path) };
}

function scrapeInput(word: string): Input {
  const equals = word.indexOf("=");
  if (equals < 1) throw new UseError(`--scrape takes COMPONENT=FILE, not ${word}`);
  return { name: `scrape:${word}`, bytes: readBytes(word.slice(equals + 1)) };
}

/** A word with a dot or a slash, standard input and what exists are files; else a built-in name. */
function catalogueInput(word: string, role?: "older" | "newer"): Input {
  const isPath = word === "-" || /[./]/.test(word) || existsSync(word);
  if (isPath && !BUILT_IN.has(word)) return fileInput(`${role ?? "catalogue"}:`, word);
  return { name: role === undefined ? "catalogue-name" : `${role}-name`, bytes: word };
}
