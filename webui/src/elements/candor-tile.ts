/** `<candor-tile>`: one component: how it is, what it takes, and what is wrong with it. */

import { css, html, nothing, svg, type TemplateResult } from "lit";

import type { ApiClient } from "../api/client.js";
import type { Component } from "../api/types.js";
import { pageStyles } from "../style/page.js";
import { formatBytes, formatShare } from "../text/format.js";
import { CandorElement, define } from "./candor-element.js";
import { icon, type Mark } from "./icons.js";
import "./candor-charts.js";

const THRESHOLD = 0.9;
const MARKS: Readonly<Record<string, Mark>> = { healthy: "good", unhealthy: "warn", down: "bad" };

export class CandorTile extends CandorElement {
  static override properties = { api: { attribute: false }, component: { attribute: false }, _open: { state: true } };
  static override styles = [CandorElement.styles, pageStyles, css`
    article { display: grid; gap: 0.75rem; align-content: start; block-size: 100%; min-block-size: 8rem; padding: 1rem; background: var(--c-bg); border: 1px solid var(--c-line); }
    .cut { stroke: var(--c-bg); }
    .head { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; }
    h3 { overflow-wrap: anywhere; }
    .gauge { display: grid; gap: 0.25rem; }
    .gauge-head { display: flex; gap: 0.5rem; align-items: baseline; font-size: 1rem; }
    .gauge-head .grow { overflow-wrap: anywhere; }
    .bar { inline-size: 100%; block-size: 0.75rem; display: block; }
    .bar .rest { fill: var(--c-line); }
    .bar .used { fill: var(--c-good); }
    .bar .used.above { fill: var(--c-bad); }
    .bar .mark { fill: var(--c-text); }
    .problems { margin: 0; padding-inline-start: 1.25rem; overflow-wrap: anywhere; }
    @media (forced-colors: active) {
      .bar .used { fill: Highlight; }
      .bar .mark { fill: CanvasText; }
    }
  `];

  /** Where the charts come from; there are none without it. */
  declare api: ApiClient | undefined;
  declare component: Component | undefined;
  declare private _open: boolean;

  constructor() {
    super();
    this._open = false;
  }

  override render(): TemplateResult | typeof nothing {
    const { component } = this;
    if (component === undefined) return nothing;
    const { tile, common } = this.t;
    const health = (tile.health as Readonly<Record<string, string>>)[component.health] ?? component.health;
    const memory = component.memoryUsed !== null && component.memoryMost ? component.memoryUsed / component.memoryMost : undefined;
    return html`
      <article aria-labelledby="name">
        <div class="head"><h3 id="name">${component.name || component.id}</h3>
          <span>${icon(MARKS[component.health] ?? "none")} ${health}</span></div>
        <dl>
          <dt>${tile.version}</dt><dd>${component.version || common.unknown}</dd>
          <dt>${tile.namespace}</dt><dd>${component.namespace || common.unknown}</dd>
        </dl>
        ${component.cpu === null ? nothing : this.#gauge("cpu", component.cpu / 1000, formatShare(component.cpu / 1000))}
        ${memory === undefined ? this.#plainMemory(component) : this.#gauge("memory", memory, formatShare(memory),
          tile.ofMost(formatBytes(component.memoryUsed ?? 0), formatBytes(component.memoryMost ?? 0)))}
        ${component.problems.length === 0 ? nothing : html`
          <div class="bad-text">${icon("bad")} ${tile.problems(component.problems.length)}
            <ul class="problems">${component.problems.map(({ what, why }) => html`<li lang="en">${what}: ${why}</li>`)}</ul></div>`}
        ${component.metrics === "read" && this.api ? this.#charts(component) : html`<p class="small quiet">${
          (tile.metrics as Readonly<Record<string, string>>)[component.metrics] ?? component.metrics}</p>`}
      </article>
    `;
  }

  #plainMemory(component: Component): TemplateResult | typeof nothing {
    if (component.memoryUsed === null) return nothing;
    return html`<div class="gauge-head"><strong>${this.t.tile.memory}</strong> ${formatBytes(component.memoryUsed)}</div>`;
  }

  #gauge(kind: "cpu" | "memory", share: number, text: string, more = ""): TemplateResult {
    const { tile } = this.t;
    const above = share >= THRESHOLD;
    const percent = Math.min(Math.max(share, 0), 1) * 100;
    const verdict = above ? tile.above : tile.below;
    return html`
      <div class="gauge">
        <div class="gauge-head"><span class="grow"><strong id=${kind}>${tile[kind]}</strong> ${text}
          ${more ? html`<span class="small quiet">${more}</span>` : nothing}</span>
          <span title="${tile.threshold}: ${verdict}">${icon(above ? "bad" : "good")}<span class="unseen">${verdict}</span></span></div>
        <div role="meter" aria-labelledby=${kind} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent.toFixed(1)}
          aria-valuetext="${text}, ${verdict}" title=${tile.threshold}>
          <svg class="bar" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">${svg`
            <rect class="rest" y="5" width="1000" height="2"></rect>
            <rect class="used ${above ? "above" : ""}" y="2" width=${percent * 10} height="8"></rect>
            <rect class="mark" x=${THRESHOLD * 1000 - 2} width="4" height="12"></rect>`}
          </svg>
        </div>
      </div>
    `;
  }

  #charts(component: Component): TemplateResult {
    return html`
      <details @toggle=${(event: Event) => (this._open = (event.target as HTMLDetailsElement).open)}>
        <summary>${this.t.tile.charts}</summary>
        ${this._open ? html`<candor-charts .api=${this.api} .component="${component.release}/${component.id}"></candor-charts>` : nothing}
      </details>
    `;
  }
}

define("candor-tile", CandorTile);

declare global {
  interface HTMLElementTagNameMap {
    "candor-tile": CandorTile;
  }
}
