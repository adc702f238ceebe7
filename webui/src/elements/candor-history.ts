/** `<candor-history>`: every report and every decision, the journal's export, and whether it is whole. */

import { html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import type { ReportRecord, Status } from "../api/types.js";
import type { News } from "../app/connection.js";
import { whyNotSent } from "../app/headline.js";
import type { Catalogue } from "../core/catalogue.js";
import { sharedCore } from "../core/client.js";
import type { HistoryCheck, HistoryEntry } from "../core/history.js";
import { checkReceipts } from "../core/receipts.js";
import { saveFile } from "../preview/files.js";
import { historyStyles } from "../style/history.js";
import { pageStyles } from "../style/page.js";
import { said } from "../text/said.js";
import { define } from "./candor-element.js";
import { PageElement } from "./page-element.js";
import "./candor-journal.js";
import "./candor-report-row.js";

const PAGE = 20;
const MOST = 1000;

export class CandorHistory extends PageElement {
  static override properties = {
    ...PageElement.properties,
    _reports: { state: true },
    _entries: { state: true },
    _catalogue: { state: true },
    _problem: { state: true },
    _chain: { state: true },
    _busy: { state: true },
    _limit: { state: true },
    _status: { state: true },
    _sent: { state: true },
  };
  static override styles = [PageElement.styles, pageStyles, historyStyles];

  declare private _reports: readonly ReportRecord[] | undefined;
  declare private _entries: readonly HistoryEntry[] | undefined;
  declare private _catalogue: Catalogue | undefined;
  declare private _problem: ProblemError | undefined;
  declare private _chain: HistoryCheck | "failed" | undefined;
  declare private _busy: boolean;
  declare private _limit: number;
  declare private _status: Status | undefined;
  /** What became of the wish to send now. */
  declare private _sent: ProblemError | "asked" | "begun" | undefined;

  constructor() {
    super();
    this._busy = false;
    this._limit = PAGE;
  }

  protected override changed(news: News): void {
    if (news === "signed" || news === "status") void this.#read();
  }

  override render(): TemplateResult {
    const { history } = this.t;
    const why = this._status && whyNotSent(this._status);
    return html`
      <p>${history.intro}</p>
      ${this._problem ? html`<p class="notice bad" role="alert">${this._problem.words}</p>` : nothing}
      <div class="actions">
        ${this.#sendButton(why)}
        <button aria-disabled=${this._busy} @click=${() => void this.#export()}>${history.export}</button>
        <button aria-disabled=${this._busy} @click=${() => void this.#verify()}>${history.verify}</button>
      </div>
      ${this.isSuperuser && why ? html`<p id="unsent" class="quiet">${said(why) ?? why}</p>` : nothing}
      <div role="status">${this.#sending()}${this.#verdict()}</div>
      <section aria-labelledby="reports"><h2 id="reports">${history.reports}</h2>${this.#list()}</section>
      <section aria-labelledby="decisions"><h2 id="decisions">${history.decisions}</h2>
        <candor-journal .entries=${this._entries}></candor-journal></section>
    `;
  }

  #sendButton(why: string | undefined): TemplateResult | typeof nothing {
    if (!this.isSuperuser || this._status === undefined) return nothing;
    const off = this._sent === "asked" || why !== undefined;
    return html`<button id="send" aria-describedby=${why === undefined ? nothing : "unsent"} aria-disabled=${off} @click=${() => void (off || this.#send())}>${this.t.history.send}</button>`;
  }

  #sending(): TemplateResult | typeof nothing {
    if (this._sent instanceof ProblemError) return html`<p class="notice bad">${this._sent.words}</p>`;
    return this._sent === "begun" ? html`<p class="notice">${this.t.history.sent}</p>` : nothing;
  }

  #list(): TemplateResult {
    const { history, app } = this.t;
    const reports = this._reports;
    if (reports === undefined) return html`<p class="quiet">${this._problem ? "" : app.loading}</p>`;
    if (reports.length === 0) return html`<p class="quiet">${history.noReports}</p>`;
    return html`
      <ul class="bare reports">${reports.map((report) => html`<li>
        <candor-report-row .api=${this.api} .catalogue=${this._catalogue} .report=${report} .mayWithdraw=${this.isSuperuser}
          .consent=${this._entries?.find(({ seq }) => seq === report.consentSeq)} @withdrawn=${() => void this.#read()}></candor-report-row></li>`)}</ul>
      ${reports.length >= this._limit && this._limit < MOST ? html`<button @click=${this.#more}>${history.more}</button>` : nothing}
    `;
  }

  #verdict(): TemplateResult | typeof nothing {
    const { history } = this.t;
    const chain = this._chain;
    if (this._busy) return html`<p class="quiet">${history.verifying}</p>`;
    if (chain === undefined) return nothing;
    if (chain === "failed") return html`<p class="notice bad">${history.verifyFailed}</p>`;
    if (chain.is === "no-history") return html`<p class="notice bad">${history.verifyFailed} <span lang="en">${chain.why}</span></p>`;
    if (chain.is === "broken") return html`<p class="notice bad">${history.broken(chain.at, history.why[chain.why])}</p>`;
    const { length } = chain.entries;
    return html`<p class="notice good">${length === 0 ? history.empty : history.verified(length)}</p>`;
  }

  #more(): void {
    this._limit = Math.min(this._limit * 2, MOST);
    void this.#read();
  }

  async #read(): Promise<void> {
    if (this.connection?.session?.user == null) return;
    const limit = this._limit;
    const [reports, journal, configuration, status, catalogue] = await Promise.all([
      this.ask((api) => api.reports(limit)), this.#journal(), this.ask((api) => api.configuration()), this.ask((api) => api.status()),
      this._catalogue ?? this.ask(async (api) => (await api.catalogue()).catalogue),
    ]);
    if (!(catalogue instanceof ProblemError)) this._catalogue = catalogue;
    this._problem = [reports, journal, configuration, status].find((answer) => answer instanceof ProblemError) as ProblemError | undefined;
    if (!(status instanceof ProblemError)) this._status = status;
    if (!(reports instanceof ProblemError)) this._reports = reports;
    if (journal instanceof ProblemError) return;
    try {
      this._entries = (JSON.parse(new TextDecoder().decode(journal)) as { entries: HistoryEntry[] }).entries;
    } catch {
      this._chain = "failed";
    }
    if (this._problem !== undefined || this._entries === undefined) return;
    const checked = reports as readonly ReportRecord[];
    const verdicts = await checkReceipts(checked.map(({ receipt, digest }) => [receipt ?? "", digest]), this._entries, (configuration as Record<string, string[]>)["receiptKeys"]);
    this._reports = checked.map((report, i) => ({ ...report, verdict: verdicts[i] }));
  }

  async #send(): Promise<void> {
    this._sent = "asked";
    const answer = await this.ask((api) => api.send());
    this._sent = answer instanceof ProblemError ? answer : "begun";
  }

  #journal(): Promise<Uint8Array<ArrayBuffer> | ProblemError> {
    return this.ask((api) => api.history());
  }

  async #export(): Promise<void> {
    if (this._busy) return;
    const journal = await this.#journal();
    if (journal instanceof ProblemError) this._problem = journal;
    else saveFile(journal, "candor-history.json");
  }

  async #verify(): Promise<void> {
    if (this._busy) return;
    this._busy = true;
    const journal = await this.#journal();
    try {
      this._chain = journal instanceof ProblemError ? "failed" : await sharedCore().run("history", { bytes: journal });
    } catch {
      this._chain = "failed";
    }
    this._busy = false;
  }
}

define("candor-history", CandorHistory);

declare global {
  interface HTMLElementTagNameMap {
    "candor-history": CandorHistory;
  }
}
