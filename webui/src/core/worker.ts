/** The worker: the core, and whatever would hold up the page. Tasks run one after the other. */

import { type Core, CoreLoadError, type CoreProblem, type Input, loadCore } from "@candor/core";

import { readClaims } from "./bundle.js";
import { checkHistory } from "./history.js";
import { diffLines } from "./line-diff.js";
import { indexLines } from "./line-index.js";
import type { Reply, ReportSource, Request, Shown, Start, TaskName, Tasks } from "./protocol.js";
import { firstDifference, search } from "./search.js";

interface Scope {
  onmessage: ((event: MessageEvent<Start | Request>) => void) | null;
  postMessage(message: Reply, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
const documents = new Map<number, Uint8Array>();

let start: (module: ArrayBuffer | string) => void;
const core = new Promise<ArrayBuffer | string>((resolve) => (start = resolve)).then(load);
core.catch(() => {}); // Whoever asks hears of it.
let queue = Promise.resolve();

type Handlers = {
  [Name in TaskName]: (ask: Tasks[Name]["ask"]) => Tasks[Name]["answer"] | Promise<Tasks[Name]["answer"]>;
};

const handlers: Handlers = {
  perform: async ({ operation, inputs }) => (await core).perform(operation, inputs),
  digest: ({ bytes }) => sha256(bytes),
  show: ({ document, source }) => show(document, source),
  forget({ document }) {
    documents.delete(document);
    return null;
  },
  search: ({ document, text }) => search(kept(document), text),
  seal: ({ document }) => sha256(kept(document)),
  compare: ({ document, other }) => firstDifference(kept(document), other) ?? null,
  diff: ({ from, to }) => ({ runs: diffLines(kept(from), kept(to)) }),
  claims: ({ bundle }) => readClaims(bundle) ?? null,
  history: ({ bytes }) => checkHistory(bytes, sha256),
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
    const result = await (handlers[task] as (ask: unknown) => unknown)(ask);
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

async function show(document: number, source: ReportSource): Promise<Shown> {
  if ("report" in source) return keep(document, source.report);
  const operation = "bundle" in source ? "bundle" : "report";
  const inputs: readonly Input[] = "bundle" in source
    ? [
        { name: "bundle:bundle.json", bytes: source.bundle },
        ...(source.withhold ?? []).map((bytes) => ({ name: "withhold", bytes })),
      ]
    : source.inputs;
  const { status, output, errors } = (await core).perform(operation, [...inputs, { name: "option:json", bytes: "" }]);
  if (status === 0) return keep(document, output);
  if (status === 1) return { failure: errors.trimEnd() };
  const { problems, suppressed = 0 } = JSON.parse(errors) as { problems: CoreProblem[]; suppressed?: number };
  return { problems, suppressed };
}

/** The page gets a copy: it shows the text while this one is searched. */
function keep(document: number, bytes: Uint8Array<ArrayBuffer>): Shown {
  documents.set(document, bytes);
  return { bytes: bytes.slice(), index: indexLines(bytes) };
}

function kept(document: number): Uint8Array {
  const bytes = documents.get(document);
  if (bytes === undefined) throw new Error(`the worker has no document ${document}`);
  return bytes;
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
  const found = new Set<ArrayBuffer>();
  const look = (value: unknown, depth: number): void => {
    if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
    else if (depth < 2 && typeof value === "object" && value !== null) {
      for (const member of Object.values(value)) look(member, depth + 1);
    }
  };
  look(result, 0);
  return [...found];
}
