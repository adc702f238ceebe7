/** `<candor-verify>`: a downloaded report or history, checked in the page. */

import { css, html, nothing, type TemplateResult } from "lit";

import { sharedCore } from "../core/client.js";
import { type HistoryEntry, type KnownReport, knownReports } from "../core/history.js";
import { answersOf, checkReceipts } from "../core/receipts.js";
import { MOST_FILE_BYTES } from "../preview/files.js";
import { formatBytes, formatNumber, formatTime } from "../text/format.js";
import { CandorElement, define } from "./candor-element.js";

/** A report that is shown beside this element. */
export interface ShownReport {
  readonly label: string;
  readonly digest: string;
}

interface Result {
  readonly good: "good" | "bad" | "warn";
  readonly words: string;
  readonly digest?: string;
}

const NAMED = /^candor-report-([0-9a-f]{16})\b/;

export class CandorVerify extends CandorElement {
  static override properties = {
    shown: { attribute: false },
    known: { attribute: false },
    _result: { state: true },
    _reading: { state: true },
  };
  static override styles = [CandorElement.styles, css`
    .drop { border: 1px dashed var(--c-line-strong); padding: 0.5rem 0.75rem; }
    .drop.over { background: var(--c-selected); }
    .notice { margin-top: 0.5rem; overflow-wrap: anywhere; }
    input[type="file"] { max-width: 100%; }
  `];

  declare shown: readonly ShownReport[];
  /** Reports that were sealed once, as the server's records or a history name them. */
  declare known: readonly KnownReport[];
  declare private _result: Result | undefined;
  declare private _reading: boolean;

  constructor() {
    super();
    this.shown = [];
    this.known = [];
    this._reading = false;
  }

  /** Checks a file and shows what came out. */
  async verify(file: File): Promise<void> {
    this._reading = true;
    this._result = undefined;
    try {
      this._result = await this.#check(file);
    } catch (error) {
      const why = error instanceof Error ? ` (${error.message})` : "";
      this._result = { good: "bad", words: this.t.verify.unreadable(file.name) + why };
    } finally {
      this._reading = false;
    }
    this.dispatchEvent(new CustomEvent("candor-verified", { bubbles: true, composed: true, detail: this._result }));
  }

  override render(): TemplateResult {
    const { verify } = this.t;
    return html`
      <div class="drop" @dragover=${this.#over} @dragleave=${this.#over} @drop=${this.#dropped}>
        <label class="row"><span class="grow">${verify.hint}</span>
          <input type="file" accept=".json,application/json" aria-label=${verify.choose} @change=${this.#chosen}>
        </label>
        <div role="status">${this._reading ? verify.reading : this.#said()}</div>
      </div>`;
  }

  #said(): TemplateResult | typeof nothing {
    const result = this._result;
    if (result === undefined) return nothing;
    return html`<div class="notice ${result.good}">${result.words}
      ${result.digest === undefined ? nothing : html`<div class="small">${this.t.verify.digest}: <code>${result.digest}</code></div>`}
    </div>`;
  }

  async #check(file: File): Promise<Result> {
    const { verify, core } = this.t;
    const { name } = file;
    if (file.size > MOST_FILE_BYTES) return { good: "bad", words: core.tooLarge(name, formatBytes(MOST_FILE_BYTES)) };
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (isHistory(bytes)) return this.#checkHistory(name, bytes);
    const digest = await sharedCore().digest(bytes);
    const view = this.shown.find((report) => report.digest === digest);
    if (view !== undefined) return { good: "good", digest, words: verify.same(name, view.label) };
    const known = this.known.find((report) => report.digest === digest);
    if (known !== undefined) {
      return { good: "good", digest, words: verify.known(name, known.id, formatTime(known.sealedMs)) };
    }
    const named = NAMED.exec(name)?.[1];
    if (named === undefined) return { good: "warn", digest, words: verify.unknown(name) };
    const holds = digest.startsWith(named);
    return { good: holds ? "good" : "bad", digest, words: (holds ? verify.nameHolds : verify.nameBroken)(name) };
  }

  async #checkHistory(name: string, bytes: Uint8Array): Promise<Result> {
    const { verify, history } = this.t;
    const check = await sharedCore().run("history", { bytes });
    if (check.is === "no-history") return { good: "bad", words: verify.noHistory(name, check.why) };
    if (check.is === "broken") return { good: "bad", words: verify.historyBroken(name, formatNumber(check.at)) };
    this.#learn(check.entries);
    const count = [check.entries.length, knownReports(check.entries).length].map(formatNumber);
    const whole = verify.historyWhole(name, count[0] ?? "", count[1] ?? "");
    const receipts = await checkReceipts(answersOf(check.entries), check.entries);
    const said = [...new Set(receipts)].map((verdict) => ` ${history.receipt}: ${formatNumber(receipts.filter((one) => one === verdict).length)} × ${history.receipts[verdict]}.`);
    const good = receipts.includes("wrong") ? "bad" : receipts.includes("unknown") || receipts.includes("unable") ? "warn" : "good";
    return { good, words: whole + said.join("") };
  }

  #learn(entries: readonly HistoryEntry[]): void {
    const reports = knownReports(entries);
    this.known = [...this.known, ...reports.filter(({ id }) => !this.known.some((known) => known.id === id))];
  }

  #over(event: DragEvent): void {
    event.preventDefault();
    (event.currentTarget as HTMLElement).classList.toggle("over", event.type === "dragover");
  }

  #dropped(event: DragEvent): void {
    this.#over(event);
    event.stopPropagation();
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void this.verify(file);
  }

  #chosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file !== undefined) void this.verify(file);
    input.value = ""; // The same file may be chosen again.
  }
}

function isHistory(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 200)).includes('"candorHistory"');
}

define("candor-verify", CandorVerify);

declare global {
  interface HTMLElementTagNameMap {
    "candor-verify": CandorVerify;
  }
}
