/** One WebAssembly instance; the only code that touches its memory. The ABI is wasm/abi.h. */

import type { Outcome, Status } from "./types.js";

const ABI_VERSION = 1;
const OUTPUT = 0;
const ERRORS = 1;
const INPUT_BYTES = 16; // sizeof(candor_input): two pointers and two sizes.

interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  candor_abi_version(): number;
  candor_alloc(size: number): number;
  candor_free(memory: number): void;
  candor_perform(operation: number, operationSize: number, inputs: number, count: number): number;
  candor_reply_status(reply: number): number;
  candor_reply_data(reply: number, part: number): number;
  candor_reply_size(reply: number, part: number): number;
  candor_reply_free(reply: number): void;
}

export interface EncodedInput {
  readonly name: Uint8Array;
  readonly bytes: Uint8Array;
}

/** There was no room for the inputs or the reply. The instance is still whole. */
export class OutOfMemory extends Error {
  override readonly name = "OutOfMemory";
}

export class Instance {
  readonly #exports: Exports;

  constructor(module: WebAssembly.Module) {
    const instance = new WebAssembly.Instance(module, {});
    this.#exports = instance.exports as unknown as Exports;
    this.#exports._initialize();
    const version = this.#exports.candor_abi_version();
    if (version !== ABI_VERSION) {
      throw new Error(`the module speaks ABI version ${version}, this package ${ABI_VERSION}`);
    }
  }

  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /** Throws OutOfMemory, or what the engine throws at a trap: then the instance is lost. */
  perform(operation: Uint8Array, inputs: readonly EncodedInput[]): Outcome {
    const core = this.#exports;
    const block = this.#copyIn(operation, inputs);
    const name = block + inputs.length * INPUT_BYTES;
    // Not freed when this throws: nothing may be called in an instance that trapped.
    const reply = core.candor_perform(name, operation.length, block, inputs.length);
    core.candor_free(block);
    if (reply === 0) throw new OutOfMemory("no room for the reply");
    try {
      return {
        status: core.candor_reply_status(reply) as Status,
        output: this.#copyOut(reply, OUTPUT),
        errors: new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.#copyOut(reply, ERRORS)),
      };
    } finally {
      core.candor_reply_free(reply);
    }
  }

  /** One block: the candor_input records, then the operation's name, then names and data. */
  #copyIn(operation: Uint8Array, inputs: readonly EncodedInput[]): number {
    const records = inputs.length * INPUT_BYTES;
    let size = records + operation.length;
    for (const { name, bytes } of inputs) size += name.length + bytes.length;
    const block = size < 2 ** 31 ? this.#exports.candor_alloc(size) : 0;
    if (block === 0) throw new OutOfMemory(`no room for ${size} bytes of input`);

    const memory = new Uint8Array(this.#exports.memory.buffer, block, size);
    const view = new DataView(this.#exports.memory.buffer, block, records);
    let used = records;
    const append = (bytes: Uint8Array): number => {
      memory.set(bytes, used);
      used += bytes.length;
      return block + used - bytes.length;
    };
    append(operation);
    inputs.forEach(({ name, bytes }, i) => {
      view.setUint32(i * INPUT_BYTES, append(name), true);
      view.setUint32(i * INPUT_BYTES + 4, name.length, true);
      view.setUint32(i * INPUT_BYTES + 8, append(bytes), true);
      view.setUint32(i * INPUT_BYTES + 12, bytes.length, true);
    });
    return block;
  }

  /** Copies before anything is freed: a view dies when the memory grows. */
  #copyOut(reply: number, part: number): Uint8Array<ArrayBuffer> {
    const data = this.#exports.candor_reply_data(reply, part);
    const size = this.#exports.candor_reply_size(reply, part);
    return new Uint8Array(new Uint8Array(this.#exports.memory.buffer, data, size));
  }
}
