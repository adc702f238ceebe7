/** `<candor-charts>`: the last hours of one component's metrics: those that the reader chose. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import type { News } from "../app/connection.js";
import { drawnOf, type MetricsAnswer, seriesName } from "../app/series.js";
import { pageStyles } from "../style/page.js";
import { recall, remember } from "../text/index.js";
import { define } from "./candor-element.js";
import { PageElement } from "./page-element.js";
import "./candor-chart.js";

const MOST = 4;
const FIRST_CHOICE = ["cpu", "memory"];
const STORED_AS = "candor-charts";

export class CandorCharts extends PageElement {
  static override properties = {
    ...PageElement.properties,
    component: { attribute: false },
    _answer: { state: true },
    _problem: { state: true },
    _chosen: { state: true },
  };
  static override styles = [PageElement.styles, pageStyles, css`
    :host { display: grid; gap: 0.75rem; padding-block-start: 0.5rem; min-inline-size: 0; }
    fieldset { display: grid; gap: 0.25rem; margin: 0; padding: 0.5rem; border: 1px solid var(--c-line-strong); max-block-size: 11rem; overflow-y: auto; min-inline-size: 0; }
    label { display: flex; gap: 0.375rem; align-items: baseline; overflow-wrap: anywhere; }
  `];

  /** "RELEASE/ID" or "ID". */
  declare component: string;
  declare private _answer: MetricsAnswer | undefined;
  declare private _problem: ProblemError | undefined;
  declare private _chosen: readonly string[] | undefined;

  constructor() {
    super();
    this.component = "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("component")) {
      this._chosen = stored()[this.component];
      if (this.hasUpdated) void this.#read();
    }
  }

  protected override changed(news: News): void {
    if (news === "signed" || news === "components") void this.#read();
  }

  override render(): TemplateResult {
    const { charts, app } = this.t;
    if (this._answer === undefined) {
      return html`<p class="quiet">${this._problem ? `${charts.failed} ${this._problem.words}` : app.loading}</p>`;
    }
    const { times, components } = this._answer;
    const series = components[0]?.series ?? [];
    if (series.length === 0 || times.length === 0) return html`<p class="quiet">${charts.none}</p>`;
    const chosen = this.#chosenOf(series.map(({ name }) => name));
    return html`
      ${series.filter(({ name }) => chosen.includes(name)).map((one) => html`
        <candor-chart .drawn=${drawnOf(times, one)}></candor-chart>`)}
      <details><summary class="small">${charts.choose}</summary>
        <fieldset><legend class="unseen">${charts.choose}. ${charts.most(MOST)}</legend>
          ${series.map(({ name }) => html`<label class="small"><input type="checkbox" .checked=${chosen.includes(name)}
            ?disabled=${chosen.length >= MOST && !chosen.includes(name)}
            @change=${() => this.#toggle(name, chosen)}>${seriesName(name, this.t)}</label>`)}
        </fieldset>
        <p class="small quiet">${charts.most(MOST)}</p>
      </details>
      ${this._problem ? html`<p class="small quiet">${this._problem.words}</p>` : nothing}
    `;
  }

  #chosenOf(names: readonly string[]): readonly string[] {
    const known = (this._chosen ?? []).filter((name) => names.includes(name));
    if (this._chosen !== undefined) return known;
    const first = FIRST_CHOICE.filter((name) => names.includes(name));
    return first.length > 0 ? first : names.slice(0, 1);
  }

  #toggle(name: string, chosen: readonly string[]): void {
    this._chosen = chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
    remember(STORED_AS, JSON.stringify({ ...stored(), [this.component]: this._chosen }));
  }

  async #read(): Promise<void> {
    const component = this.component;
    const answer = await this.ask((api) => api.metrics(component), true);
    if (component !== this.component) return;
    if (answer instanceof ProblemError) {
      this._problem = answer;
    } else {
      this._problem = undefined;
      this._answer = answer as MetricsAnswer;
    }
  }
}

function stored(): Record<string, readonly string[]> {
  try {
    const found: unknown = JSON.parse(recall(STORED_AS) ?? "{}");
    if (typeof found !== "object" || found === null) return {};
    return Object.fromEntries(Object.entries(found).filter(([, names]) => Array.isArray(names)));
  } catch {
    return {};
  }
}

define("candor-charts", CandorCharts);

declare global {
  interface HTMLElementTagNameMap {
    "candor-charts": CandorCharts;
  }
}
