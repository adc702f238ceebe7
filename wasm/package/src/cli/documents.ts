/** Configuration files and the environment, as the JSON documents that the core reads. */

import type { Input } from "../types.js";
import { readBytes } from "./files.js";

export function configInput(path: string): Input {
  return { name: `config:${path === "-" ? "standard input" : path}`, bytes: readBytes(path) };
}

/** Every variable: the core picks those it knows. */
export function environmentInput(): Input {
  return { name: "environment", bytes: JSON.stringify(process.env) };
}
