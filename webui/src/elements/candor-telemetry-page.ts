/**
 * `<candor-telemetry-page>`: mode and consent at a glance, what happens next and why, and the
 * components. Says "decide" (bubbling) when somebody wants to decide.
 */

import { css, html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import type { Components, Status } from "../api/types.js";
import { clustersOf } from "../app/clusters.js";
import type { News } from "../app/connection.js";
import { type Headline, headlineOf } from "../app/headline.js";
import { saveReport } from "../app/report-file.js";
import type { Catalogue } from "../core/catalogue.js";
import { pageStyles } from "../style/page.js";
import { formatTime } from "../text/format.js";
import { recall, remember } from "../text/index.js";
import { define } from "./candor-element.js";
import { closeIcon, downloadIcon, icon, type Mark } from "./icons.js";
import { PageElement } from "./page-element.js";
import "./candor-standing.js";
import "./candor-tile.js";

const MARKS: Readonly<Record<Headline, Mark>> = {
  enabled: "good", undecided: "info", denied: "none", download: "none", blocked: "warn", disabled: "none",
};
const HINT_HIDDEN = "candor-hint-hidden";

export class CandorTelemetryPage extends PageElement {
  static override properties = {
    ...PageElement.properties,
    _status: { state: true },
    _catalogue: { state: true },
    _components: { state: true },
    _problem: { state: true },
    _hint: { state: true },
    _failed: { state: true },
    _busy: { state: true },
  };
  static override styles = [PageElement.styles, pageStyles, css`
    :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
    h1 .cut { stroke: var(--c-bg); }
    .top { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; justify-content: space-between; align-items: start; }
    .top > div { flex: 1 1 24rem; display: grid; gap: 0.5rem; }
    .top button { margin-inline: -0.75rem; }
    .ids { font-style: italic; color: var(--c-text-2); display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
    .hint { display: flex; gap: 0.75rem; border: 1px solid var(--c-info); border-inline-start-width: 3px; }
    .hint .icon { margin-block-start: 0.1rem; inline-size: 1.125rem; block-size: 1.125rem; }
    .hint .icon .cut { stroke: var(--c-info-bg); }
    .hint button { align-self: start; min-inline-size: 2rem; padding: 0; color: var(--c-text); }
    .tiles { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 25rem), 1fr)); padding: 1rem; background: var(--c-layer); }
    section.cluster { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
    h1:focus { outline: none; }
    h1:focus-visible { outline: 2px solid var(--c-focus); outline-offset: 4px; }
    @media (max-width: 40rem) { .tiles { padding: 0.5rem; } }
  `];

  declare private _status: Status | undefined;
  declare private _catalogue: Catalogue | undefined;
  /** Or why there are none. */
  declare private _components: Components | ProblemError | undefined;
  declare private _problem: ProblemError | undefined;
  declare private _hint: "shown" | "hidden" | "undoable";
  declare private _failed: string;
  declare private _busy: boolean;

  constructor() {
    super();
    this._hint = recall(HINT_HIDDEN) === "yes" ? "hidden" : "shown";
    this._failed = "";
    this._busy = false;
  }

  protected override changed(news: News): void {
    if (news === "signed" || news === "status") void this.#readStatus();
    if (news === "signed" || news === "components") void this.#readComponents();
  }

  override render(): TemplateResult {
    const { telemetry, app } = this.t;
    const status = this._status;
    const headline = status && headlineOf(status);
    // One heading from the beginning on: whoever reads from there stays there when the rest has come.
    return html`
      <div class="top">
        <div>
          <h1 tabindex="-1">${headline ? html`${icon(MARKS[headline])} ${telemetry.headline[headline]}` : app.pages.telemetry}</h1>
          ${headline ? html`<p>${telemetry.lead[headline]}</p>` : nothing}
        </div>
        ${headline === undefined || headline === "disabled" ? nothing : html`
          <button class="plain" aria-disabled=${this._busy} @click=${() => void this.#download()}>${telemetry.download} ${downloadIcon}</button>`}
      </div>
      ${status !== undefined ? this.#body(status)
        : this._problem ? html`<p class="notice bad" role="alert">${this._problem.words}</p>` : html`<p class="quiet">${app.loading}</p>`}
    `;
  }

  #body(status: Status): TemplateResult {
    const { telemetry } = this.t;
    return html`
      <p role="status" class=${this._failed ? "notice bad" : "unseen"}>${this._failed}</p>
      <p class="ids">
        <span>${telemetry.customerId}: <span class="break">${status.customerId ?? telemetry.notSet}</span></span>
        <span>${telemetry.installationId}: <span class="break">${status.installationId ?? telemetry.notSet}</span></span>
        ${status.installation ? html`<span>${telemetry.reportId}: <span class="break">${status.installation}</span></span>` : nothing}
      </p>
      <candor-standing .status=${status} .mayDecide=${this.isSuperuser}></candor-standing>
      ${this.#hint()}
      ${this.#componentList(headlineOf(status) === "disabled")}
    `;
  }

  #hint(): TemplateResult {
    const { telemetry } = this.t;
    if (this._hint === "undoable") {
      return html`<p class="quiet" role="status">${telemetry.hintHidden}
        <button class="plain" id="undo" @click=${() => this.#setHint("shown")}>${telemetry.undo}</button></p>`;
    }
    if (this._hint === "hidden") return html``;
    return html`
      <div class="notice hint">
        ${icon("info")}
        <p class="grow"><strong>${telemetry.hintTitle}</strong><br>${telemetry.hint}</p>
        <button class="plain" id="hide" aria-label=${telemetry.hintClose} title=${telemetry.hintClose}
          @click=${() => this.#setHint("undoable")}>${closeIcon}</button>
      </div>
    `;
  }

  #componentList(off: boolean): TemplateResult {
    const { telemetry, app } = this.t;
    const answer = this._components;
    const quiet = (words: string): TemplateResult => html`<p class="quiet">${words}</p>`;
    if (answer === undefined) return quiet(app.loading);
    if (answer instanceof ProblemError) {
      if (off) return quiet(telemetry.offComponents);
      if (answer.status === 404) return quiet(telemetry.noComponents);
      if (answer.status === 503) return quiet(telemetry.firstRound);
      return quiet(`${telemetry.componentsFailed} ${answer.words}`);
    }
    if (answer.components.length === 0) return quiet(telemetry.noComponents);
    return html`
      ${clustersOf(answer.components, this._catalogue).map((cluster, i) => html`
        <section class="cluster" aria-labelledby="cluster-${i}">
          <h2 id="cluster-${i}" class="break">${cluster.management ? telemetry.management : telemetry.release(cluster.release, cluster.namespace)}</h2>
          <div class="tiles">${cluster.components.map((component) => html`
            <candor-tile .api=${this.api} .component=${component}></candor-tile>`)}</div>
        </section>`)}
      <p class="quiet small">${telemetry.collectedAt(formatTime(answer.collectedAt))}</p>
    `;
  }

  #setHint(hint: "shown" | "undoable"): void {
    this._hint = hint;
    remember(HINT_HIDDEN, hint === "shown" ? "no" : "yes");
    const next = hint === "shown" ? "#hide" : "#undo";
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(next)?.focus());
  }

  async #download(): Promise<void> {
    if (this._busy) return;
    this._busy = true;
    this._failed = "";
    const done = await this.ask(saveReport);
    this._busy = false;
    if (!(done instanceof ProblemError)) return;
    const details = done.errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ");
    this._failed = `${this.t.telemetry.downloadFailed} ${details || done.words}`;
  }

  async #readStatus(): Promise<void> {
    if (this.connection?.session?.user == null) return;
    const [status, catalogue] = await Promise.all([
      this.ask((api) => api.status()),
      this._catalogue ?? this.ask(async (api) => (await api.catalogue()).catalogue),
    ]);
    if (status instanceof ProblemError) {
      this._problem = status;
    } else {
      this._problem = undefined;
      this._status = status;
    }
    if (!(catalogue instanceof ProblemError)) this._catalogue = catalogue;
  }

  async #readComponents(): Promise<void> {
    if (this.connection?.session?.user == null) return;
    const answer = await this.ask((api) => api.components(), true);
    // What was read stays while the server does not answer.
    if (answer instanceof ProblemError && answer.unreachable && this._components !== undefined) return;
    this._components = answer;
  }
}

define("candor-telemetry-page", CandorTelemetryPage);

declare global {
  interface HTMLElementTagNameMap {
    "candor-telemetry-page": CandorTelemetryPage;
  }
}
