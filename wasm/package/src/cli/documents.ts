/** Configuration files and the environment, as the JSON documents that the core reads. */

import type { Input } from "../types.js";
import { readJsonConfigMap, readYamlConfiguration } from "./config-map.js";
import { readBytes, UseError } from "./files.js";
import { NOWHERE, type Problem, Refused } from "./problems.js";

const MAX_CONFIG_BYTES = 8 * 2 ** 20;

/** The files in their order, then the environment. Throws Refused with the problems of all files. */
export function configInputs(paths: readonly string[]): Input[] {
  const inputs: Input[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const name = path === "-" ? "standard input" : path;
    try {
      const bytes = readBytes(path);
      inputs.push(...documentsOf(name, bytes).map((document) => ({ name: `config:${name}`, bytes: document })));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      problems.push(...error.problems.map((problem) => ({ ...problem, source: name })));
    }
  }
  if (problems.length > 0) throw new Refused(problems);
  return [...inputs, environmentInput(inputs)];
}

function documentsOf(name: string, bytes: Uint8Array): (string | Uint8Array)[] {
  if (bytes.length > MAX_CONFIG_BYTES) refuse("over-limit", `is longer than ${MAX_CONFIG_BYTES} bytes`);
  const text = decode(bytes);
  if (text === undefined) return [bytes]; // The core names the byte.
  if (text.trim() === "") refuse("missing", "is empty; write {} for a configuration that says nothing");
  switch (formatOf(name, text)) {
    case "json":
      return readJsonConfigMap(text) ?? [bytes];
    case "yaml":
      return readYamlConfiguration(text);
    case "xml":
      throw new UseError(
        `${name} is XML, which candor-core does not read; \`candor config ${name}\` does, natively`,
      );
  }
}

/** Without a byte order mark; nothing if it is not UTF-8, or holds NUL. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function formatOf(name: string, text: string): "json" | "yaml" | "xml" {
  const extension = /\.(json|ya?ml|xml)$/.exec(name)?.[1];
  if (extension !== undefined) return extension === "json" || extension === "xml" ? extension : "yaml";
  const start = text.trimStart()[0];
  return start === "<" ? "xml" : start === "{" ? "json" : "yaml";
}

/** The variables that may matter: nothing else of the environment is looked at. */
function environmentInput(documents: readonly Input[]): Input {
  const named = new Set<string>();
  for (const { bytes } of documents) {
    const text = typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes);
    for (const [, name = ""] of text.matchAll(/\$\{([^:{}"\\]+)/g)) named.add(name.trim());
  }
  const matters = (name: string): boolean =>
    name === "DO_NOT_TRACK" || /^(?:CANDOR|CAMUNDA)_/.test(name) || named.has(name);
  const variables = Object.entries(process.env).filter(([name]) => matters(name));
  return { name: "environment", bytes: JSON.stringify(Object.fromEntries(variables)) };
}

function refuse(name: Problem["name"], message: string): never {
  throw new Refused([{ name, where: "", message, at: NOWHERE }]);
}
