/** `<candor-chart>`: one recorded metric as a line, in words, and as a table. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type uPlot from "uplot";

import { type Drawn, seriesName, type Summary, summaryOf } from "../app/series.js";
import { pageStyles } from "../style/page.js";
import { THEME_CHANGED } from "../style/theme.js";
import { formatBytes, formatNumber, formatShare, formatTime } from "../text/format.js";
import { language } from "../text/index.js";
import { CandorElement, define } from "./candor-element.js";

const HEIGHT = 110;
const MOST_ROWS = 60;
/** Seconds that an axis shows at least: the first value is not all there is. */
const LEAST_SPAN = 300;
/** Seconds between two times that an axis names. */
const STEPS = [1, 2, 5, 10, 20, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * 60);

export class CandorChart extends CandorElement {
  static override properties = { drawn: { attribute: false }, _table: { state: true } };
  static override styles = [CandorElement.styles, pageStyles, css`
    :host { min-inline-size: 0; }
    h4 { margin: 0; }
    .plot { block-size: 110px; min-inline-size: 0; overflow: hidden; }
    .table { max-block-size: 12rem; overflow: auto; }
    .uplot, .u-wrap { position: relative; inline-size: 100%; }
    .u-over, .u-under { position: absolute; }
    .uplot canvas { display: block; position: relative; inline-size: 100%; block-size: 100%; }
    .u-axis { position: absolute; }
  `];

  declare drawn: Drawn | undefined;
  declare private _table: boolean;
  #plot: uPlot | undefined;
  /** That its axes are written in. */
  #language = language();
  readonly #size = new ResizeObserver(() => this.#fit());
  readonly #scheme = matchMedia("(prefers-color-scheme: dark)");

  constructor() {
    super();
    this._table = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#scheme.addEventListener("change", this.#redraw);
    window.addEventListener(THEME_CHANGED, this.#redraw);
    if (this.hasUpdated) this.#redraw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#scheme.removeEventListener("change", this.#redraw);
    window.removeEventListener(THEME_CHANGED, this.#redraw);
    this.#size.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  override render(): TemplateResult | typeof nothing {
    const { drawn } = this;
    if (drawn === undefined) return nothing;
    const { charts } = this.t;
    const plain = seriesName(drawn.name, this.t);
    const name = drawn.rate ? charts.perMinute(plain) : plain;
    const summary = summaryOf(drawn);
    const words = summary ? this.#words(summary) : charts.noValues;
    return html`
      <h4 class="small break">${name}</h4>
      <div class="plot" role="img" aria-label="${name}: ${words}" ?hidden=${!summary}></div>
      <p class="small quiet">${words}</p>
      ${summary ? html`
        <details @toggle=${(event: Event) => (this._table = (event.target as HTMLDetailsElement).open)}>
          <summary class="small">${charts.values}</summary>${this._table ? this.#tableOf(drawn, name) : nothing}
        </details>` : nothing}
    `;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.#language !== language()) this.#redraw();
    else if (changed.has("drawn")) void this.#draw();
  }

  readonly #redraw = (): void => {
    this.#plot?.destroy();
    this.#plot = undefined;
    void this.#draw();
  };

  #tableOf(drawn: Drawn, name: string): TemplateResult {
    const { charts } = this.t;
    const rows = drawn.times.map((time, i) => [time, drawn.values[i] ?? null] as const).slice(-MOST_ROWS).reverse();
    return html`<div class="table" tabindex="0" role="group" aria-label=${name}><table class="small">
      <thead><tr><th scope="col">${charts.time}</th><th scope="col">${charts.value}</th></tr></thead>
      <tbody>${rows.map(([time, value]) => html`<tr><td>${formatTime(time)}</td><td>${value === null ? "–" : this.#value(value)}</td></tr>`)}</tbody>
    </table></div>`;
  }

  #words({ latest, lowest, highest, minutes }: Summary): string {
    const now = this.#value(latest);
    return minutes === 0 ? now : this.t.charts.summary(now, this.#value(lowest), this.#value(highest), minutes);
  }

  #value(value: number): string {
    const name = this.drawn?.name ?? "";
    if (name === "cpu") return formatShare(value);
    if (isBytes(name)) return formatBytes(Math.round(value));
    return formatNumber(value);
  }

  async #draw(): Promise<void> {
    const { drawn } = this;
    if (drawn === undefined) return;
    const { default: UPlot } = await import("uplot");
    const place = this.renderRoot.querySelector<HTMLElement>(".plot");
    if (place === null || !this.isConnected || drawn !== this.drawn) return;
    const data: uPlot.AlignedData = [drawn.times.map((time) => time / 1000), [...drawn.values]];
    if (this.#plot !== undefined) return this.#plot.setData(data);
    const style = getComputedStyle(this);
    const colour = (name: string): string => resolveColour(place, style.getPropertyValue(name));
    const isCpu = drawn.name === "cpu";
    const axis = { stroke: colour("--c-text-2"), grid: { stroke: colour("--c-line"), width: 1 }, ticks: { show: false }, font: "11px sans-serif" };
    this.#language = language();
    const hours = new Intl.DateTimeFormat(language(), { timeStyle: "short" });
    const short = new Intl.NumberFormat(language(), { notation: "compact", maximumFractionDigits: 2 });
    this.#plot = new UPlot({
      width: Math.max(place.clientWidth, 80), height: HEIGHT,
      legend: { show: false }, cursor: { show: false },
      scales: { x: { range: ({ data: [times] }, from) => [Math.min(from, times.at(-1)! - LEAST_SPAN), times.at(-1)!] }, y: { range: (_plot, low, high) => [Math.min(low ?? 0, 0), (high ?? 1) * 1.1 || 1] } },
      axes: [
        { ...axis, size: 22, space: 60, incrs: STEPS, values: (_plot, times) => times.map((time) => hours.format(time * 1000)) },
        { ...axis, size: 58, space: 28, values: (_plot, values) => values.map((value) => isCpu ? formatShare(value) : isBytes(drawn.name) ? formatBytes(value) : short.format(value)) },
      ],
      series: [{}, { stroke: colour("--c-link"), width: 1.5, points: { show: drawn.times.length < 3, size: 5 }, spanGaps: false }],
    }, data, place);
    this.#size.disconnect();
    this.#size.observe(place);
  }

  #fit(): void {
    const place = this.renderRoot.querySelector<HTMLElement>(".plot");
    if (place === null || place.clientWidth === 0) return;
    if (this.#plot !== undefined && this.#plot.width !== place.clientWidth) {
      this.#plot.setSize({ width: place.clientWidth, height: HEIGHT });
    }
  }
}

const isBytes = (name: string): boolean => name === "memory" || /_bytes(_total)?$/.test(name);

/** A canvas knows no light-dark() and no custom properties. */
function resolveColour(place: HTMLElement, value: string): string {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = value;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

define("candor-chart", CandorChart);

declare global {
  interface HTMLElementTagNameMap {
    "candor-chart": CandorChart;
  }
}
