/** `<candor-catalogue-statistics>`: what the installations of one catalogue say and count. */

import { css, html, nothing, type TemplateResult } from "lit";

import { CandorElement, define } from "../elements/candor-element.js";
import { pageStyles } from "../style/page.js";
import { formatNumber, formatShare } from "../text/format.js";
import type { CatalogueStatistics, Cell, Count, Statistics, TextPlace } from "./collector-client.js";
import "./candor-bars.js";

/** More of a list are in the exports. */
const MOST_ROWS = 100;

export class CandorCatalogueStatistics extends CandorElement {
  static override properties = { of: { attribute: false }, range: { attribute: false } };
  static override styles = [CandorElement.styles, pageStyles, css`
    :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
    .cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); }
    .card { display: grid; gap: 0.5rem; align-content: start; grid-template-columns: minmax(0, 1fr); }
    .scroll { max-block-size: 22rem; overflow: auto; }
    h3 { overflow-wrap: anywhere; }
    td { overflow-wrap: anywhere; }
    td.number, th.number { text-align: end; white-space: nowrap; overflow-wrap: normal; font-variant-numeric: tabular-nums; }
    .share { display: block; inline-size: 100%; block-size: 3px; fill: var(--c-link); }
    @media (forced-colors: active) { .share { fill: CanvasText; } }
  `];

  declare of: CatalogueStatistics | undefined;
  /** Which days they are of. */
  declare range: Pick<Statistics, "from" | "to"> | undefined;

  override render(): TemplateResult | typeof nothing {
    const { of, range } = this;
    if (of === undefined || range === undefined) return nothing;
    const { statistics } = this.t.collector;
    return html`
      <h2><bdi>${of.name}</bdi></h2>
      <p>${statistics.size(formatNumber(of.installations), formatNumber(of.reports))}</p>
      <div class="card"><h3>${statistics.alive}</h3>
        <candor-bars .bars=${of.days} .from=${range.from} .to=${range.to}></candor-bars></div>
      <div class="cards">${of.texts.map((text) => this.#text(text, of.installations))}</div>
      ${of.counts.length === 0 ? nothing : this.#counts(of.counts)}
    `;
  }

  #text({ place, list, values }: TextPlace, all: number): TemplateResult {
    const { statistics } = this.t.collector;
    return html`<div class="card">
      <h3><code>${place}</code></h3>
      <div class="scroll" tabindex="0" role="group" aria-label=${place}><table>
        <thead><tr><th scope="col">${statistics.value}</th><th scope="col" class="number">${statistics.installations}</th></tr></thead>
        <tbody>${values.slice(0, MOST_ROWS).map((cell) => html`<tr>
          <td>${this.#cell(cell)}${bar(cell.installations / all)}</td>
          <td class="number">${formatNumber(cell.installations)} <span class="quiet">${formatShare(cell.installations / all)}</span></td></tr>`)}</tbody>
      </table></div>
      ${list ? html`<p class="small quiet">${statistics.several}</p>` : nothing}
      ${more(values.length, statistics.more)}
    </div>`;
  }

  #cell({ value, others }: Cell): TemplateResult {
    const { statistics } = this.t.collector;
    if (others) return html`<em>${statistics.others}</em>`;
    return value === null ? html`<em>${statistics.nothing}</em>` : html`<bdi>${value}</bdi>`;
  }

  #counts(counts: readonly Count[]): TemplateResult {
    const { statistics } = this.t.collector;
    return html`<div class="card"><h3>${statistics.counts}</h3>
      <div class="scroll" tabindex="0" role="group" aria-label=${statistics.counts}><table>
        <thead><tr><th scope="col">${statistics.place}</th><th scope="col" class="number">${statistics.installations}</th><th scope="col" class="number">${statistics.total}</th></tr></thead>
        <tbody>${counts.slice(0, MOST_ROWS).map(({ place, of, installations, total }) => html`<tr>
          <td><code><bdi>${place}</bdi></code>${of === "latest" ? html` <span class="small quiet">${statistics.latest}</span>` : nothing}</td>
          <td class="number">${formatNumber(installations)}</td><td class="number">${formatNumber(BigInt(total))}</td></tr>`)}</tbody>
      </table></div>
      ${more(counts.length, statistics.more)}
    </div>`;
  }
}

/** It says again what stands beside it. */
function bar(share: number): TemplateResult {
  return html`<svg class="share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width=${Math.min(share, 1) * 100} height="1"></rect></svg>`;
}

function more(rows: number, words: (n: string) => string): TemplateResult | typeof nothing {
  return rows > MOST_ROWS ? html`<p class="small quiet">${words(formatNumber(rows - MOST_ROWS))}</p>` : nothing;
}

define("candor-catalogue-statistics", CandorCatalogueStatistics);

declare global {
  interface HTMLElementTagNameMap {
    "candor-catalogue-statistics": CandorCatalogueStatistics;
  }
}
