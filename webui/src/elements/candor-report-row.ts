/** `<candor-report-row>`: one sealed report: its fate, its bytes, and taking it back while it waits. */

import { css, html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import type { ConsentRecord, ReportRecord } from "../api/types.js";
import { decisionText } from "../app/decision.js";
import type { Catalogue } from "../core/catalogue.js";
import { sharedCore } from "../core/client.js";
import type { HistoryEntry } from "../core/history.js";
import { reportFileName, saveFile } from "../preview/files.js";
import { pageStyles } from "../style/page.js";
import type { PreviewSource } from "../preview/source.js";
import { formatBytes, formatNumber, formatTime } from "../text/format.js";
import { define } from "./candor-element.js";
import { icon, type Mark } from "./icons.js";
import { PageElement } from "./page-element.js";
import "./candor-report-preview.js";

const MARKS: Readonly<Record<string, Mark>> = {
  sealed: "info", attempted: "info", accepted: "good", rejected: "bad", dissolved: "none", withdrawn: "none",
  good: "good", wrong: "bad",
};

export class CandorReportRow extends PageElement {
  static override properties = {
    ...PageElement.properties,
    report: { attribute: false },
    consent: { attribute: false },
    mayWithdraw: { attribute: false },
    _sources: { state: true },
    catalogue: { attribute: false },
    _notice: { state: true },
    _asking: { state: true },
  };
  static override styles = [PageElement.styles, pageStyles, css`
    details { background: var(--c-layer); border: 1px solid var(--c-line); }
    summary { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0.625rem 0.75rem; align-items: baseline; }
    summary::before { content: "▸"; color: var(--c-text-2); }
    details[open] > summary::before { content: "▾"; }
    .inner { display: grid; gap: 0.75rem; padding: 0 0.75rem 0.75rem; grid-template-columns: minmax(0, 1fr); }
    candor-report-preview { --candor-preview-height: min(28rem, 70dvh); }
    .cut { stroke: var(--c-layer); }
  `];

  declare report: ReportRecord | undefined;
  /** The journal's entry of the decision it rests on. */
  declare consent: HistoryEntry | undefined;
  declare mayWithdraw: boolean;
  /** Explains the fields. */
  declare catalogue: Catalogue | undefined;
  declare private _sources: readonly PreviewSource[] | undefined;
  declare private _notice: string;
  declare private _asking: boolean;

  constructor() {
    super();
    this.mayWithdraw = false;
    this._notice = "";
    this._asking = false;
  }

  protected override changed(): void {
    // Its owner hands it what is new.
  }

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (report === undefined) return nothing;
    const { history } = this.t;
    const word = (words: Readonly<Record<string, string>>, key: string): string => words[key] ?? key;
    return html`
      <details>
        <summary>
          <span>${icon(MARKS[report.fate] ?? "none")} <strong>${word(history.fate, report.fate)}</strong></span>
          <span>${word(history.kind, report.kind)}</span>
          <span>${report.sealedMs === null ? "" : formatTime(report.sealedMs)}</span>
          <span class="quiet">${formatBytes(report.bytes)}</span>
          <code class="quiet">${report.digest.slice(0, 16)}</code>
        </summary>
        <div class="inner">
          ${this.#details(report)}
          <div class="actions">
            <button @click=${() => void this.#show(report)}>${this._sources ? history.hideBytes : history.bytes}</button>
            <button @click=${() => void this.#download(report)}>${history.download}</button>
            ${this.mayWithdraw && (report.fate === "sealed" || report.fate === "attempted") && !this._asking
              ? html`<button id="withdraw" @click=${this.#askFirst}>${history.withdraw}</button>` : nothing}
          </div>
          <p role="status" class=${this._notice ? "notice bad" : "unseen"}>${this._notice}</p>
          ${this._asking ? this.#question(report) : nothing}
          ${this._sources ? html`<candor-report-preview no-verify .sources=${this._sources} .catalogue=${this.catalogue}></candor-report-preview>` : nothing}
        </div>
      </details>
    `;
  }

  #details(report: ReportRecord): TemplateResult {
    const { history } = this.t;
    const time = (ms: number | null): string => (ms === null ? history.none : formatTime(ms));
    const { kind, body } = this.consent ?? {};
    const record = kind === "consent" ? (body as unknown as ConsentRecord) : undefined;
    return html`<dl>
      <dt>${history.id}</dt><dd class="mono">${report.id}</dd>
      <dt>${history.digest}</dt><dd class="mono">${report.digest}</dd>
      <dt>${history.size}</dt><dd>${formatNumber(report.bytes)} B</dd>
      <dt>${history.sealed}</dt><dd>${time(report.sealedMs)}</dd>
      <dt>${history.changed}</dt><dd>${time(report.changedMs)}</dd>
      <dt>${history.period}</dt><dd>${time(report.fromMs)} – ${time(report.toMs)}</dd>
      <dt>${history.attempts}</dt><dd>${formatNumber(report.attempts)}</dd>
      <dt>${history.arrived}</dt><dd>${report.mayHaveArrived ? history.yes : history.no}</dd>
      ${report.status === null ? nothing : html`<dt>${history.status}</dt><dd>${report.status}</dd>`}
      ${report.receipt === null ? nothing : html`<dt>${history.receipt}</dt><dd class="mono">${report.receipt}</dd>${report.verdict
        ? html`<dd id="receipt">${icon(MARKS[report.verdict] ?? "none")} ${history.receipts[report.verdict]}</dd>` : nothing}`}
      ${report.lastError === null ? nothing : html`<dt>${history.error}</dt><dd lang="en">${report.lastError}</dd>`}
      <dt>${history.restsOn}</dt><dd>${report.consentSeq === 0 ? history.byConfiguration : html`${history.entryOf(report.consentSeq)}${
        record ? html`: ${decisionText(record, this.t)}${record.withheld.length > 0 ? html`, ${history.without(record.withheld.join(", "))}` : nothing}` : nothing}`}</dd>
    </dl>`;
  }

  #question(report: ReportRecord): TemplateResult {
    const { history } = this.t;
    return html`
      <div class="notice warn" role="group" aria-label=${history.withdraw}>
        <p>${history.withdrawAsk} ${report.mayHaveArrived ? history.withdrawUncertain : ""}</p>
        <div class="actions">
          <button @click=${() => void this.#withdraw(report)}>${history.withdrawYes}</button>
          <button id="keep" @click=${this.#keep}>${history.withdrawNo}</button>
        </div>
      </div>
    `;
  }

  async #askFirst(): Promise<void> {
    this._asking = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#keep")?.focus();
  }

  async #keep(): Promise<void> {
    this._asking = false;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#withdraw")?.focus();
  }

  async #withdraw(report: ReportRecord): Promise<void> {
    const done = await this.ask((api) => api.withdraw(report.id));
    this._asking = false;
    this._notice = done instanceof ProblemError ? done.words : "";
    this.renderRoot.querySelector<HTMLElement>("summary")?.focus();
    this.dispatchEvent(new Event("withdrawn"));
  }

  async #show(report: ReportRecord): Promise<void> {
    const bytes = this._sources ? undefined : await this.#read(report);
    this._sources = bytes && [{ id: "sealed", report: bytes, digest: report.digest }];
  }

  async #download(report: ReportRecord): Promise<void> {
    const bytes = this._sources?.[0]?.report ?? (await this.#read(report));
    if (bytes !== undefined) saveFile(bytes, reportFileName(report.digest));
  }

  async #read(report: ReportRecord): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { history } = this.t;
    const answer = await this.ask((api) => api.reportBytes(report.id));
    if (answer instanceof ProblemError) {
      this._notice = answer.status === 404 ? history.noBytes : answer.status === 403 ? history.forSuperusers : `${history.bytesFailed} ${answer.words}`;
      return undefined;
    }
    this._notice = (await sharedCore().digest(answer)) === report.digest ? "" : history.bytesDiffer;
    return answer;
  }
}

define("candor-report-row", CandorReportRow);

declare global {
  interface HTMLElementTagNameMap {
    "candor-report-row": CandorReportRow;
  }
}
