/** The core in node, from the module that lies beside this file. */

import { readFile } from "node:fs/promises";

import { type Core, loadCore } from "./core.js";

export async function loadPackagedCore(): Promise<Core> {
  const module = await readFile(new URL("./candor-core.wasm", import.meta.url));
  return loadCore(new Uint8Array(module));
}
