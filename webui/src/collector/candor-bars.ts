/** `<candor-bars>`: installations by day, as bars, in words, and as a table. */

import { css, html, nothing, svg, type TemplateResult } from "lit";

import { CandorElement, define } from "../elements/candor-element.js";
import { pageStyles } from "../style/page.js";
import { formatNumber } from "../text/format.js";

export interface Bar {
  /** "2026-11-21" */
  readonly date: string;
  readonly installations: number;
}

const HEIGHT = 80;
const DAY_MS = 86_400_000;

export class CandorBars extends CandorElement {
  static override properties = { bars: { attribute: false }, from: { attribute: false }, to: { attribute: false } };
  static override styles = [CandorElement.styles, pageStyles, css`
    svg { display: block; inline-size: 100%; block-size: 5rem; border-block-end: 1px solid var(--c-line-strong); }
    rect { fill: var(--c-link); }
    .ends { display: flex; justify-content: space-between; }
    .table { max-block-size: 14rem; overflow: auto; }
    @media (forced-colors: active) { rect { fill: CanvasText; } }
  `];

  declare bars: readonly Bar[];
  /** The first and the last day of the whole, also where nothing is told of them. */
  declare from: string;
  declare to: string;

  constructor() {
    super();
    this.bars = [];
    this.from = this.to = "";
  }

  override render(): TemplateResult | typeof nothing {
    const { bars } = this;
    if (bars.length === 0) return nothing;
    const { statistics } = this.t.collector;
    const first = Date.parse(this.from);
    const days = Math.round((Date.parse(this.to) - first) / DAY_MS) + 1;
    const most = Math.max(...bars.map(({ installations }) => installations));
    const least = Math.min(...bars.map(({ installations }) => installations));
    const at = (date: string): number => Math.round((Date.parse(date) - first) / DAY_MS);
    const gap = days > 120 ? 0 : 0.15;
    return html`
      <svg viewBox="0 0 ${days} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${statistics.daysWords(formatNumber(bars.length), formatNumber(least), formatNumber(most))}>
        ${bars.map(({ date, installations }) => {
          const height = (installations / most) * (HEIGHT - 2);
          return svg`<rect x=${at(date) + gap / 2} width=${1 - gap} y=${HEIGHT - height} height=${height}></rect>`;
        })}
      </svg>
      <p class="ends small quiet" aria-hidden="true"><span>${this.from}</span><span>${statistics.atMost(formatNumber(most))}</span><span>${this.to}</span></p>
      <details><summary class="small">${statistics.asTable}</summary>
        <div class="table" tabindex="0" role="group" aria-label=${statistics.alive}><table class="small">
          <thead><tr><th scope="col">${statistics.day}</th><th scope="col">${statistics.installations}</th></tr></thead>
          <tbody>${bars.map(({ date, installations }) => html`<tr><td>${date}</td><td>${formatNumber(installations)}</td></tr>`)}</tbody>
        </table></div>
      </details>
    `;
  }
}

define("candor-bars", CandorBars);

declare global {
  interface HTMLElementTagNameMap {
    "candor-bars": CandorBars;
  }
}
