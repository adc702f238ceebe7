// Puts the built module into the package, and its SHA-256 into the sources that will check it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const built = process.env.CANDOR_WASM_MODULE ?? at("../../../build/wasm/wasm/candor-core.wasm");

let module;
try {
  module = readFileSync(built);
} catch (error) {
  console.error(
    `${error.message}\nbuild the module first: ` +
      "cmake --preset wasm && cmake --build build/wasm --target candor_module",
  );
  process.exit(1);
}
const digest = createHash("sha256").update(module).digest("hex");

mkdirSync(at("../dist"), { recursive: true });
writeFileSync(at("../dist/candor-core.wasm"), module);
mkdirSync(at("../src/generated"), { recursive: true });
writeFileSync(
  at("../src/generated/module-hash.ts"),
  "/** Of candor-core.wasm beside this package's code; written by scripts/embed-module.mjs. */\n" +
    `export const MODULE_SHA256 = "${digest}";\n`,
);
