/** The worker: the core, and whatever would hold up the page. Tasks run one after the other. */

import { type Core, CoreLoadError, loadCore } from "@candor/core";

import type { Reply, Request, Start, TaskName, Tasks } from "./protocol.js";

interface Scope {
  onmessage: ((event: MessageEvent<Start | Request>) => void) | null;
  postMessage(message: Reply, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;

let start: (module: ArrayBuffer | string) => void;
const core = new Promise<ArrayBuffer | string>((resolve) => (start = resolve)).then(load);
core.catch(() => {}); // Whoever asks hears of it.
let queue = Promise.resolve();

type Handlers = { [Name in TaskName]: (ask: Tasks[Name]["ask"]) => Promise<Tasks[Name]["answer"]> };

const handlers: Handlers = {
  async perform({ operation, inputs }) {
    return (await core).perform(operation, inputs);
  },
  digest: ({ bytes }) => sha256(bytes),
};

scope.onmessage = ({ data }) => {
  if ("module" in data) {
    start(data.module);
  } else {
    queue = queue.then(() => answer(data));
  }
};

async function answer({ id, task, ask }: Request): Promise<void> {
  try {
    const result = await (handlers[task] as (ask: unknown) => Promise<unknown>)(ask);
    scope.postMessage({ id, answer: result }, buffersOf(result));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    scope.postMessage({ id, error: { name, message } }, []);
  }
}

async function load(module: ArrayBuffer | string): Promise<Core> {
  if (typeof module === "string") throw new CoreLoadError(module);
  return loadCore(module);
}

/** By the platform, which is faster and not ours; outside secure contexts by the core. */
async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle !== undefined) {
    const digest = new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  const { output } = (await core).perform("digest", [{ name: "file:-", bytes }]);
  return new TextDecoder().decode(output).slice(0, 64);
}

/** Answers move instead of being copied. */
function buffersOf(result: unknown): Transferable[] {
  if (typeof result !== "object" || result === null) return [];
  const views = Object.values(result).filter((value) => ArrayBuffer.isView(value));
  return [...new Set(views.map((view) => view.buffer as ArrayBuffer))];
}
