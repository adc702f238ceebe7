/** `<candor-lately>`: the last reports, for the operator; read again while somebody looks. */

import { css, html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import { CandorElement, define } from "../elements/candor-element.js";
import { pageStyles } from "../style/page.js";
import { formatTime } from "../text/format.js";
import { type LateReport, readLatest } from "./collector-client.js";

const MOST = 20;
const AGAIN_MS = 3000;

export class CandorLately extends CandorElement {
  static override properties = { _reports: { state: true }, _problem: { state: true } };
  static override styles = [CandorElement.styles, pageStyles, css`
    :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
    td { overflow-wrap: anywhere; }
  `];

  declare private _reports: readonly LateReport[] | undefined;
  declare private _problem: ProblemError | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
    this.#timer = setInterval(() => void this.#read(), AGAIN_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): TemplateResult {
    const { collector, app } = this.t;
    const reports = this._reports;
    return html`
      <p>${collector.lately.intro}</p>
      <div role="status">${this._problem ? html`<p class="notice bad">${this._problem.status === 403 ? collector.lately.onlyOperator : this._problem.words}</p>` : nothing}</div>
      ${reports === undefined ? html`<p class="quiet">${this._problem ? "" : app.loading}</p>`
        : reports.length === 0 ? html`<p class="quiet">${collector.lately.none}</p>` : this.#table(reports)}
    `;
  }

  #table(reports: readonly LateReport[]): TemplateResult {
    const { columns, ways } = this.t.collector.lately;
    return html`<div class="wide" tabindex="0" role="group" aria-label=${this.t.collector.pages.lately}><table>
      <thead><tr>${[columns.time, columns.catalogue, columns.installation, columns.way, columns.digest].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${reports.map((report) => html`<tr>
        <td>${formatTime(Date.parse(report.time))}</td><td>${report.catalogue}</td>
        <td>${report.installation === "" ? "–" : html`<code><bdi>${report.installation}</bdi></code>`}</td>
        <td>${ways[report.way] ?? report.way}</td><td><code title=${report.digest}>${report.digest.slice(0, 16)}</code></td></tr>`)}</tbody>
    </table></div>`;
  }

  async #read(): Promise<void> {
    if (document.hidden && this._reports !== undefined) return;
    try {
      this._reports = await readLatest(MOST);
      this._problem = undefined;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this._problem = error;
      // Who may not see them does not become somebody else by waiting.
      if (error.status === 403) clearInterval(this.#timer);
    }
  }
}

define("candor-lately", CandorLately);

declare global {
  interface HTMLElementTagNameMap {
    "candor-lately": CandorLately;
  }
}
