/** The commonest questions to the core, typed; everything else is Core.perform(). */

import type { Core } from "./core.js";
import type { Input } from "./types.js";

/** A document and what to call it in problems, mostly its file's name. */
export interface NamedText {
  readonly name: string;
  readonly bytes: Uint8Array | string;
}

export interface ConfigurationRequest {
  /** JSON documents; later ones win. */
  readonly configurations: readonly NamedText[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A built-in catalogue's name; the configuration chooses where it is absent. */
  readonly catalogue?: string;
  readonly profile?: string;
}

export interface ReportRequest extends ConfigurationRequest {
  readonly facts: NamedText;
  /** Expositions, named by their component, or RELEASE/COMPONENT. */
  readonly scrapes?: readonly NamedText[];
  /** Ids of fields and data points to hold back. */
  readonly withhold?: readonly string[];
}

export interface CoreProblem {
  /** The numbers and names of core/result.h. */
  readonly code: number;
  readonly name: string;
  readonly source: string;
  /** A JSON pointer. */
  readonly where: string;
  /** 1-based, columns in bytes; 0 where there is no place. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The input was refused. */
export class ProblemsError extends Error {
  override readonly name = "ProblemsError";
  constructor(readonly problems: readonly CoreProblem[]) {
    super(problems.map(({ source, where, message }) => `${source}: ${where} ${message}`).join("\n"));
  }
}

/** The very bytes that would be sent. Throws ProblemsError, and Error for wrong use. */
export function buildReport(core: Core, request: ReportRequest): Uint8Array<ArrayBuffer> {
  return ask(core, "report", [
    ...configurationInputs(request),
    { name: `facts:${request.facts.name}`, bytes: request.facts.bytes },
    ...(request.scrapes ?? []).map(({ name, bytes }) => ({ name: `scrape:${name}=${name}`, bytes })),
    ...(request.withhold ?? []).map((bytes) => ({ name: "withhold", bytes })),
  ]);
}

/** Every problem of a configuration; none if it is good. Throws Error for wrong use. */
export function validate(core: Core, request: ConfigurationRequest): readonly CoreProblem[] {
  try {
    ask(core, "validate", configurationInputs(request));
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
}

/** The SHA-256 in lower-case hexadecimal. */
export function digest(core: Core, bytes: Uint8Array | string): string {
  return new TextDecoder().decode(ask(core, "digest", [{ name: "file:-", bytes }])).slice(0, 64);
}

function configurationInputs(request: ConfigurationRequest): Input[] {
  return [
    ...request.configurations.map(({ name, bytes }) => ({ name: `config:${name}`, bytes })),
    { name: "environment", bytes: JSON.stringify(request.environment ?? {}) },
    ...(request.catalogue === undefined ? [] : [{ name: "catalogue-name", bytes: request.catalogue }]),
    ...(request.profile === undefined ? [] : [{ name: "profile", bytes: request.profile }]),
  ];
}

function ask(core: Core, operation: string, inputs: readonly Input[]): Uint8Array<ArrayBuffer> {
  const plain = operation === "digest" ? [] : [{ name: "option:json", bytes: "" }];
  const { status, output, errors } = core.perform(operation, [...inputs, ...plain]);
  if (status === 0) return output;
  if (status === 1) throw new Error(errors.trimEnd());
  throw new ProblemsError((JSON.parse(errors) as { problems: CoreProblem[] }).problems);
}
