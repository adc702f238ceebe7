/** One configuration file as the core takes it. Works in browsers, too. */

import { readJsonConfigMap, readYamlConfiguration } from "./config-map.js";
import { NOWHERE, type Problem, Refused } from "./problems.js";

export { type Position, type Problem, Refused } from "./problems.js";

const MAX_CONFIG_BYTES = 8 * 2 ** 20;

/** XML is read by the native program only. */
export class IsXml extends Error {
  override readonly name = "IsXml";
}

/**
 * The JSON documents that a configuration file in JSON or YAML stands for, to be laid over each other.
 * Throws Refused with every problem, or IsXml.
 */
export function configurationDocuments(name: string, bytes: Uint8Array): (string | Uint8Array)[] {
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
      throw new IsXml(name);
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

function refuse(name: Problem["name"], message: string): never {
  throw new Refused([{ name, where: "", message, at: NOWHERE }]);
}
