/** The core as callers see it: loaded, checked, and whole again after any failure. */

import { MODULE_SHA256 } from "./generated/module-hash.js";
import { type EncodedInput, Instance, OutOfMemory } from "./instance.js";
import { runSelfTest } from "./self-test.js";
import { sha256Hex } from "./sha256.js";
import type { Input, Outcome } from "./types.js";

/** Where the module's bytes come from: an address to fetch, an answer to a fetch, or the bytes. */
export type ModuleSource = string | URL | Response | PromiseLike<Response> | BufferSource;

/** The module cannot be used: not fetched, not the one this package was built with, or unsound. */
export class CoreLoadError extends Error {
  override readonly name = "CoreLoadError";
}

/** Above this, the memory goes back to the system after the call: WebAssembly memory never shrinks. */
const KEPT_MEMORY_BYTES = 32 * 2 ** 20;

export class Core {
  readonly #module: WebAssembly.Module;
  #instance: Instance | undefined;

  /** Use loadCore(), which checks the module first. */
  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /**
   * Runs one operation, as the native program's sub-command of that name would. Running out of
   * memory is status 1, and the next call starts afresh.
   * Throws TypeError for text that has no UTF-8 form (a lone surrogate).
   */
  perform(operation: string, inputs: readonly Input[] = []): Outcome {
    const encoded: EncodedInput[] = inputs.map(({ name, bytes }) => ({
      name: encode(name),
      bytes: typeof bytes === "string" ? encode(bytes) : bytes,
    }));
    try {
      const instance = (this.#instance ??= new Instance(this.#module));
      const outcome = instance.perform(encode(operation), encoded);
      if (instance.memoryBytes > KEPT_MEMORY_BYTES) this.#instance = undefined;
      return outcome;
    } catch (error) {
      this.#instance = undefined;
      return { status: 1, output: new Uint8Array(0), errors: describe(error) };
    }
  }
}

/**
 * The core, ready: the module's SHA-256 is the one this package was built with, and a known question
 * got its known answer. Rejects with CoreLoadError otherwise.
 */
export async function loadCore(source: ModuleSource): Promise<Core> {
  const bytes = await readModule(source);
  const digest = await sha256Hex(bytes);
  if (digest !== MODULE_SHA256) {
    throw new CoreLoadError(
      `candor-core.wasm has the SHA-256 ${digest}, but this package was built with ${MODULE_SHA256}; ` +
        "serve the file that came with the package",
    );
  }
  const core = new Core(await WebAssembly.compile(bytes));
  const failure = runSelfTest(core);
  if (failure !== undefined) throw new CoreLoadError(`the core fails its self-test: ${failure}`);
  return core;
}

async function readModule(source: ModuleSource): Promise<Uint8Array<ArrayBuffer>> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  const response = await (typeof source === "string" || source instanceof URL ? fetch(source) : source);
  if (!response.ok) {
    throw new CoreLoadError(`${response.url} answers ${response.status} ${response.statusText}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

function encode(text: string): Uint8Array {
  // A TextEncoder would turn a lone surrogate into U+FFFD: another text than the caller meant.
  if (/\p{Surrogate}/u.test(text)) throw new TypeError("text with a lone surrogate has no UTF-8 form");
  return new TextEncoder().encode(text);
}

function describe(error: unknown): string {
  if (error instanceof OutOfMemory) return `out of memory: ${error.message}\n`;
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    return `the core stopped, most likely out of memory: ${error.message}\n`;
  }
  throw error;
}
