/** One report of a preview, from being asked for to being compared. */

import { type CoreClient, CoreLoadError, type OpenReport, type Refusal } from "../core/client.js";
import type { BundleClaims } from "../core/bundle.js";
import type { ReportSource } from "../core/protocol.js";
import { FoldRows } from "../rows/fold-rows.js";
import type { Comparison, PreviewSource } from "./source.js";

export type Phase = "waiting" | "building" | "shown" | "refused" | "failed";

export class Opened {
  phase: Phase = "waiting";
  report: OpenReport | undefined;
  rows: FoldRows | undefined;
  digest: string | undefined;
  claims: BundleClaims | undefined;
  refusal: Refusal | undefined;
  failure: string | undefined;
  comparison: Comparison | undefined;
  source: PreviewSource;
  readonly #core: CoreClient;
  readonly #changed: () => void;
  readonly #stop = new AbortController();

  /** `changed` is called whenever there is something new to show. */
  constructor(core: CoreClient, source: PreviewSource, changed: () => void) {
    this.#core = core;
    this.source = source;
    this.#changed = changed;
  }

  /** Whether a source needs another Opened: its bytes are others. */
  isOf({ bundle, inputs, report, withhold }: PreviewSource): boolean {
    const mine = this.source;
    return mine.bundle === bundle && mine.inputs === inputs && mine.report === report && String(mine.withhold ?? []) === String(withhold ?? []);
  }

  /** Begins, once the source has bytes. Returns whether it has. */
  start(): boolean {
    const { bundle, inputs, report, withhold = [] } = this.source;
    const built: ReportSource | undefined = bundle !== undefined ? { bundle, withhold } : inputs && { inputs };
    const source = report !== undefined ? { report } : built;
    if (source === undefined) return false;
    if (this.phase === "waiting") {
      this.phase = "building";
      void this.#build(source).then(this.#changed);
    }
    return true;
  }

  /** A newer form of the same source: it may bring a digest or the bytes to compare with. */
  async update(source: PreviewSource): Promise<void> {
    const before = this.source;
    this.source = source;
    if (before.digest === source.digest && before.reference === source.reference) return;
    if (this.phase !== "shown") return;
    await this.#compare();
    this.#changed();
  }

  /** The digest that the bytes should have, where somebody says so. */
  get expected(): string | undefined {
    if (this.source.digest !== undefined) return this.source.digest;
    return (this.source.withhold ?? []).length > 0 ? undefined : this.claims?.digest;
  }

  get differs(): boolean {
    return this.comparison?.state === "differs";
  }

  close(): void {
    this.#stop.abort(new DOMException("no longer shown", "AbortError"));
    if (this.report !== undefined) this.#core.forget(this.report.document);
  }

  async #build(source: ReportSource): Promise<void> {
    const { signal } = this.#stop;
    try {
      const shown = await this.#core.show(source, signal);
      if (!("document" in shown)) {
        this.phase = "refused";
        this.refusal = shown;
        return;
      }
      this.report = shown;
      this.rows = new FoldRows(shown.text);
      this.phase = "shown";
      this.comparison = { state: "building" };
      this.#changed();
      const { bundle } = this.source;
      if (bundle !== undefined) this.claims = (await this.#core.run("claims", { bundle }, signal)) ?? undefined;
      this.digest = await this.#core.run("seal", { document: shown.document }, signal);
      await this.#compare();
    } catch (error) {
      if (signal.aborted) return;
      this.failure = error instanceof Error ? error.message : String(error);
      if (this.phase !== "shown") this.phase = "failed";
      this.comparison = { state: error instanceof CoreLoadError ? "refused" : "notComparable" };
    }
  }

  async #compare(): Promise<void> {
    const { report, digest, expected, source } = this;
    if (report === undefined || digest === undefined) return;
    const { reference } = source;
    if (expected === undefined) {
      this.comparison = source.report === undefined ? { state: "notComparable" } : undefined;
    } else if (expected === digest) {
      this.comparison = { state: source.report === undefined ? "identical" : "unchanged" };
    } else if (reference === undefined) {
      this.comparison = { state: "differs" };
    } else {
      const { document, text } = report;
      const at = await this.#core.run("compare", { document, other: reference }, this.#stop.signal);
      const line = at === null ? 0 : text.lineOf(Math.min(at, Math.max(0, text.bytes.length - 1)));
      this.comparison = at === null ? { state: "differs" } : { state: "differs", at, line, pointer: text.pointer(line) };
    }
  }
}
