/** `<candor-report-page>`: the report that would be sent now, the sealed one, and the last one sent. */

import { css, html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import type { ReportRecord, Status } from "../api/types.js";
import type { News } from "../app/connection.js";
import type { Catalogue } from "../core/catalogue.js";
import type { KnownReport } from "../core/history.js";
import type { PreviewEvents, PreviewSource } from "../preview/source.js";
import { pageStyles } from "../style/page.js";
import { define } from "./candor-element.js";
import { PageElement } from "./page-element.js";
import "./candor-report-preview.js";

export class CandorReportPage extends PageElement {
  static override properties = {
    ...PageElement.properties,
    _status: { state: true },
    _catalogue: { state: true },
    _known: { state: true },
    _given: { state: true },
    _problem: { state: true },
  };
  static override styles = [PageElement.styles, pageStyles, css`
    :host { display: grid; gap: 0.75rem; grid-template-columns: minmax(0, 1fr); }
  `];

  declare private _status: Status | undefined;
  declare private _catalogue: Catalogue | undefined;
  declare private _known: readonly KnownReport[];
  /** What was read, by the source's id and what it is of. */
  declare private _given: ReadonlyMap<string, Partial<PreviewSource>>;
  declare private _problem: ProblemError | undefined;

  constructor() {
    super();
    this._known = [];
    this._given = new Map();
  }

  protected override changed(news: News): void {
    if (news === "signed" || news === "status") void this.#read();
  }

  override render(): TemplateResult {
    const { report, app } = this.t;
    const problem = this._problem;
    if (this._status === undefined) return html`<p class=${problem ? "notice bad" : "quiet"}>${problem ? problem.words : app.loading}</p>`;
    if (this._status.action === "off") return html`<p>${report.off}</p>`;
    return html`
      <p>${report.intro}</p>
      ${problem ? html`
        <div class="notice bad" role="alert"><p>${report.none} ${problem.errors.length > 0 ? "" : problem.words}</p>
          <ul lang="en">${problem.errors.map(({ pointer, detail }) => html`<li>${pointer} ${detail}</li>`)}</ul>
          <button @click=${this.#again}>${this.t.common.retry}</button></div>` : nothing}
      <candor-report-preview .sources=${this.#sources(this._status)} .catalogue=${this._catalogue} .known=${this._known}
        @candor-source-needed=${this.#needed} @candor-reference-needed=${this.#referenceNeeded}></candor-report-preview>
      <div class="actions"><button @click=${this.#again}>${report.again}</button></div>
    `;
  }

  #sources({ pending, last, consentSeq }: Status): readonly PreviewSource[] {
    const catalogue = this._catalogue && { catalogue: this._catalogue };
    const kept = (id: string, record: ReportRecord | null): PreviewSource => ({
      id, ...(record === null ? { absent: true } : { digest: record.digest, ...catalogue, ...this._given.get(`${id} ${record.id}`) }),
    });
    return [
      { id: "now", ...catalogue, ...(this._problem ? { absent: true } : this._given.get(`now ${consentSeq}`)) },
      kept("sealed", pending),
      kept("last", last),
    ];
  }

  async #read(): Promise<void> {
    if (this.connection?.session?.user == null) return;
    const answers = await this.ask((api) => Promise.all([api.status(), api.catalogue(), api.reports()]));
    if (answers instanceof ProblemError) {
      if (this._status === undefined) this._problem = answers;
      return;
    }
    const [status, { catalogue }, reports] = answers;
    this._problem = undefined;
    this._status = status;
    this._catalogue = catalogue;
    this._known = reports.map(({ id, digest, sealedMs, fate }) => ({ id, digest, sealedMs: sealedMs ?? 0, fate }));
  }

  async #needed({ detail: { id } }: PreviewEvents["candor-source-needed"]): Promise<void> {
    const status = this._status;
    if (status === undefined) return;
    if (id === "now") return this.#give(`now ${status.consentSeq}`, (api) => api.preview("now", []), "bundle");
    const record = id === "sealed" ? status.pending : status.last;
    if (record !== null) await this.#give(`${id} ${record.id}`, (api) => api.reportBytes(record.id), "report");
  }

  async #referenceNeeded({ detail: { id, digest } }: PreviewEvents["candor-reference-needed"]): Promise<void> {
    if (id === "now") await this.#give(`now ${this._status?.consentSeq}`, (api) => api.previewBytes(digest), "reference");
  }

  async #give(
    key: string,
    question: Parameters<typeof this.ask<Uint8Array<ArrayBuffer>>>[0],
    as: "bundle" | "report" | "reference",
  ): Promise<void> {
    const bytes = await this.ask(question);
    if (bytes instanceof ProblemError) this._problem = bytes;
    else this._given = new Map(this._given).set(key, { ...this._given.get(key), [as]: bytes });
  }

  #again(): void {
    this._given = new Map();
    this._problem = undefined;
    void this.#read();
  }
}

define("candor-report-page", CandorReportPage);

declare global {
  interface HTMLElementTagNameMap {
    "candor-report-page": CandorReportPage;
  }
}
