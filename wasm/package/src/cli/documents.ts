/** Configuration files and the environment, as the JSON documents that the core reads. */

import type { Input } from "../types.js";
import { configurationDocuments, IsXml } from "./configuration.js";
import { readBytes, UseError } from "./files.js";
import { type Problem, Refused } from "./problems.js";

/** The files in their order, then the environment. Throws Refused with the problems of all files. */
export function configInputs(paths: readonly string[]): Input[] {
  const inputs: Input[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const name = path === "-" ? "standard input" : path;
    try {
      const bytes = readBytes(path);
      inputs.push(...configurationDocuments(name, bytes).map((document) => ({ name: `config:${name}`, bytes: document })));
    } catch (error) {
      if (error instanceof IsXml) {
        throw new UseError(`${name} is XML, which candor-core does not read; \`candor config ${name}\` does, natively`);
      }
      if (!(error instanceof Refused)) throw error;
      problems.push(...error.problems.map((problem) => ({ ...problem, source: name })));
    }
  }
  if (problems.length > 0) throw new Refused(problems);
  return [...inputs, environmentInput(inputs)];
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
