/**
 * The core for a page: one worker, started when it is first asked. Giving up a task replaces the
 * worker, and what else was asked is asked again.
 */

import { CoreLoadError, type Input, type Outcome } from "@candor/core";
import { readModule, workerAddress } from "virtual:candor-platform";

import type { Reply, ReportSource, Request, Shown, TaskName, Tasks } from "./protocol.js";
import { ReportText } from "./report-text.js";
import { startWorker } from "./trusted.js";

export { CoreLoadError } from "@candor/core";

export interface CoreOptions {
  /** Where the package's core-worker.js is served, if not beside its modules. */
  readonly worker?: string;
  /** The bytes of candor-core.wasm; read from beside the package's modules otherwise. */
  readonly module?: () => Promise<ArrayBuffer>;
}

interface Waiting {
  readonly request: Request;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** A report that the worker holds under a number. */
export interface OpenReport {
  readonly document: number;
  readonly text: ReportText;
}

export type Refusal = Exclude<Shown, { readonly bytes: unknown }>;

export class CoreClient {
  readonly #options: CoreOptions;
  readonly #waiting = new Map<number, Waiting>();
  /** What another worker has to be told. */
  readonly #documents = new Map<number, ReportSource>();
  #worker: Worker | undefined;
  #module: Promise<ArrayBuffer | string> | undefined;
  #ids = 0;

  constructor(options: CoreOptions = {}) {
    this.#options = options;
  }

  /** Runs an operation of the core. Rejects with CoreLoadError, or AbortError. */
  perform(operation: string, inputs: readonly Input[], signal?: AbortSignal): Promise<Outcome> {
    return this.run("perform", { operation, inputs }, signal);
  }

  digest(bytes: Uint8Array, signal?: AbortSignal): Promise<string> {
    return this.run("digest", { bytes }, signal);
  }

  /**
   * A report with its lines, which the worker keeps until forget(): `seal`, `search`, `compare` and
   * `diff` are about it. Also refusals are answers.
   */
  async show(source: ReportSource, signal?: AbortSignal): Promise<OpenReport | Refusal> {
    const document = ++this.#ids;
    this.#documents.set(document, source);
    let shown: Shown | undefined;
    try {
      shown = await this.run("show", { document, source }, signal);
    } finally {
      if (shown === undefined || !("bytes" in shown)) this.#documents.delete(document);
    }
    if (!("bytes" in shown)) return shown;
    this.#documents.set(document, { report: shown.bytes });
    return { document, text: new ReportText(shown.bytes, shown.index) };
  }

  forget(document: number): void {
    if (!this.#documents.delete(document) || this.#worker === undefined) return;
    void this.run("forget", { document }).catch(() => {});
  }

  /** Starts the worker before it is needed. */
  warm(): void {
    this.#running();
  }

  run<Name extends TaskName>(
    task: Name,
    ask: Tasks[Name]["ask"],
    signal?: AbortSignal,
  ): Promise<Tasks[Name]["answer"]> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const id = ++this.#ids;
      const request = { id, task, ask } as Request;
      const giveUp = (): void => {
        if (!this.#waiting.delete(id)) return;
        this.#replace();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      const done = <T>(then: (value: T) => void) => (value: T) => {
        signal?.removeEventListener("abort", giveUp);
        then(value);
      };
      this.#waiting.set(id, { request, resolve: done(resolve), reject: done(reject) });
      this.#running().postMessage(request);
    });
  }

  /** Ends the worker; whoever waits hears of it. The next task starts another one. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#fail(new DOMException("the core was closed", "AbortError"));
  }

  #replace(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { request } of this.#waiting.values()) this.#running().postMessage(request);
  }

  #running(): Worker {
    return (this.#worker ??= this.#start());
  }

  #start(): Worker {
    const worker = startWorker(this.#options.worker ?? workerAddress());
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker !== this.#worker) return;
      worker.terminate();
      this.#worker = undefined;
      this.#fail(new CoreLoadError(`the worker does not run: ${event.message || "its script was not loaded"}`));
    };
    // A failure is not kept: the next worker tries again.
    this.#module ??= (this.#options.module ?? readModule)().catch((error: Error) => {
      this.#module = undefined;
      return `candor-core.wasm cannot be read: ${error.message}`;
    });
    void this.#module.then((module) => worker.postMessage({ module }));
    const asked = new Set([...this.#waiting.values()].map(({ request }) => request));
    for (const [document, source] of this.#documents) {
      const itself = [...asked].some(({ task, ask }) => task === "show" && ask.document === document);
      if (!itself) worker.postMessage({ id: 0, task: "show", ask: { document, source } } satisfies Request);
    }
    return worker;
  }

  #hear({ id, answer, error }: Reply): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    if (error === undefined) return waiting.resolve(answer as never);
    waiting.reject(error.name === "CoreLoadError" ? new CoreLoadError(error.message) : new Error(error.message));
  }

  #fail(error: Error): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(error);
  }
}

let shared: CoreClient | undefined;

/** The one that the elements of a page share. */
export function sharedCore(): CoreClient {
  return (shared ??= new CoreClient());
}

/** Before the first element is shown: where a product serves the worker and the module. */
export function configureCore(options: CoreOptions): void {
  shared?.close();
  shared = new CoreClient(options);
}
