/** `<candor-statistics>`: what may be told of the reports of some days, to look at and to take away. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import { CandorElement, define } from "../elements/candor-element.js";
import { saveFile } from "../preview/files.js";
import { pageStyles } from "../style/page.js";
import { type Days, readStatistics, type Statistics, statisticsAddress } from "./collector-client.js";
import "./candor-catalogue-statistics.js";

export class CandorStatistics extends CandorElement {
  static override properties = { _read: { state: true }, _problem: { state: true }, _busy: { state: true }, _failed: { state: true } };
  static override styles = [CandorElement.styles, pageStyles, css`
    :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
    form { display: flex; flex-wrap: wrap; gap: 0.75rem 1rem; align-items: end; }
    .field { display: grid; gap: 0.25rem; }
    .actions { align-items: center; }
    .actions a { padding: 0.3125rem 0.75rem; border: 1px solid var(--c-line-strong); background: var(--c-layer); color: var(--c-text); text-decoration: none; }
    .actions a:hover { background: var(--c-layer-hover); }
    candor-catalogue-statistics { margin-block-start: 0.5rem; }
  `];

  declare private _read: { readonly bytes: Uint8Array<ArrayBuffer>; readonly statistics: Statistics } | undefined;
  declare private _problem: ProblemError | undefined;
  declare private _busy: boolean;
  /** Of the Parquet file. */
  declare private _failed: boolean;
  #asked = 0;
  /** What somebody is writing into the form stays there, whatever comes meanwhile. */
  #edited = false;

  constructor() {
    super();
    this._busy = false;
    this._failed = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("popstate", this.#go);
    this.#go();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("popstate", this.#go);
  }

  override render(): TemplateResult {
    const { statistics: t } = this.t.collector;
    const read = this._read?.statistics;
    return html`
      <p>${t.intro}</p>
      <form @submit=${this.#submit} @input=${this.#edit}>
        <div class="field"><label for="from">${t.from}</label><input id="from" type="date" required></div>
        <div class="field"><label for="to">${t.to}</label><input id="to" type="date" required></div>
        <button class="primary">${t.show}</button>
        <button type="button" @click=${this.#lastMonth}>${t.lastMonth}</button>
      </form>
      <div role="status">${this.#said()}</div>
      ${read === undefined ? nothing : this.#shown(read)}
    `;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!changed.has("_read") || this.#edited || this._read === undefined) return;
    const { from, to } = this._read.statistics;
    this.#field("from").value = from;
    this.#field("to").value = to;
  }

  #said(): TemplateResult | typeof nothing {
    const { statistics: t } = this.t.collector;
    if (this._busy) return html`<p class="quiet">${this.t.app.loading}</p>`;
    const problem = this._problem;
    if (problem === undefined) return this._failed ? html`<p class="notice bad">${t.failed}</p>` : nothing;
    return html`<div class="notice bad">${problem.status === 403 ? t.notHere : problem.words}
      ${problem.errors.map(({ pointer, detail }) => html`<br><span lang="en">${pointer} ${detail}</span>`)}</div>`;
  }

  #shown(read: Statistics): TemplateResult {
    const { statistics: t } = this.t.collector;
    const csv = statisticsAddress(read, ".csv");
    return html`
      <p>${t.range(read.from, read.to, read.leastInstallations)}</p>
      <div class="actions" role="group" aria-label=${t.export}>
        <a href=${csv} download>${t.csv}</a>
        <button id="json" @click=${() => this.#save("json")}>${t.json}</button>
        <button id="parquet" @click=${() => void this.#parquet()}>${t.parquet}</button>
      </div>
      ${read.catalogues.length === 0 ? html`<p class="notice">${t.tooFew(read.leastInstallations)}</p>`
        : read.catalogues.map((of) => html`<candor-catalogue-statistics .of=${of} .range=${read}></candor-catalogue-statistics>`)}
    `;
  }

  #submit(event: Event): void {
    event.preventDefault();
    this.#choose({ from: this.#field("from").value, to: this.#field("to").value });
  }

  #edit(): void {
    this.#edited = true;
  }

  #field(id: "from" | "to"): HTMLInputElement {
    return this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)!;
  }

  /** The whole of it: ranges that hardly differ could be subtracted from each other. */
  #lastMonth(): void {
    const now = new Date();
    const day = (month: number, date: number): string => new Date(Date.UTC(now.getUTCFullYear(), month, date)).toISOString().slice(0, 10);
    this.#choose({ from: day(now.getUTCMonth() - 1, 1), to: day(now.getUTCMonth(), 0) });
  }

  /** They stand in the page's address: to come back to, and to pass on. */
  #choose({ from, to }: Days): void {
    const query = `?${new URLSearchParams({ from, to }).toString()}`;
    if (query !== location.search) history.pushState(null, "", query);
    this.#go();
  }

  readonly #go = (): void => {
    this.#edited = false;
    const days = new URLSearchParams(location.search);
    void this.#ask({ from: days.get("from") ?? "", to: days.get("to") ?? "" });
  };

  async #ask(days: Days): Promise<void> {
    const asked = ++this.#asked;
    this._busy = true;
    this._failed = false;
    let problem: ProblemError | undefined;
    const read = await readStatistics(days).catch((error: unknown) => {
      if (!(error instanceof ProblemError)) throw error;
      problem = error;
      return undefined;
    });
    // Who goes back meanwhile wants other days.
    if (asked !== this.#asked) return;
    this._busy = false;
    this._problem = problem;
    this._read = read ?? this._read;
  }

  #save(kind: "json" | "parquet", bytes = this._read?.bytes): void {
    const { from, to } = this._read?.statistics ?? { from: "", to: "" };
    if (bytes !== undefined) saveFile(bytes, `candor-statistics-${from}-${to}.${kind}`, kind === "json" ? "application/json" : "application/vnd.apache.parquet");
  }

  async #parquet(): Promise<void> {
    const read = this._read;
    if (read === undefined) return;
    try {
      const { parquetOf } = await import("./parquet.js");
      this.#save("parquet", parquetOf(read.statistics));
      this._failed = false;
    } catch {
      this._failed = true;
    }
  }
}

define("candor-statistics", CandorStatistics);

declare global {
  interface HTMLElementTagNameMap {
    "candor-statistics": CandorStatistics;
  }
}
