/** `<candor-journal>`: the journal's entries in words, newest first. */

import { css, html, nothing, type TemplateResult } from "lit";

import type { ConsentRecord } from "../api/types.js";
import { decisionText } from "../app/decision.js";
import type { HistoryEntry } from "../core/history.js";
import { pageStyles } from "../style/page.js";
import { formatTime } from "../text/format.js";
import { CandorElement, define } from "./candor-element.js";

const PAGE = 50;

export class CandorJournal extends CandorElement {
  static override properties = { entries: { attribute: false }, _shown: { state: true } };
  static override styles = [CandorElement.styles, pageStyles, css`
    td:last-child { overflow-wrap: anywhere; min-inline-size: 12rem; }
    button { margin-block-start: 0.5rem; }
  `];

  declare entries: readonly HistoryEntry[] | undefined;
  declare private _shown: number;

  constructor() {
    super();
    this._shown = PAGE;
  }

  override render(): TemplateResult {
    const { history, app } = this.t;
    const { entries } = this;
    if (entries === undefined) return html`<p class="quiet">${app.loading}</p>`;
    if (entries.length === 0) return html`<p class="quiet">${history.noDecisions}</p>`;
    const newest = entries.slice(-this._shown).reverse();
    return html`
      <div class="wide" tabindex="0" role="group" aria-label=${history.table}><table>
        <thead><tr><th scope="col">${history.entry}</th><th scope="col">${history.when}</th><th scope="col">${history.what}</th>
          <th scope="col">${history.details}</th></tr></thead>
        <tbody>${newest.map((entry) => html`<tr><td>${entry.seq}</td><td>${formatTime(entry.atMs)}</td>
          <td>${(history.event as Readonly<Record<string, string>>)[entry.kind] ?? entry.kind}</td><td>${this.#details(entry)}</td></tr>`)}</tbody>
      </table></div>
      ${entries.length > this._shown ? html`<button @click=${() => (this._shown += PAGE)}>${history.more}</button>` : nothing}
    `;
  }

  #details({ kind, body }: HistoryEntry): TemplateResult {
    const { history } = this.t;
    const text = (key: string): string => (typeof body[key] === "string" || typeof body[key] === "number" ? String(body[key]) : "");
    if (kind === "consent") {
      const record = body as unknown as ConsentRecord;
      return html`${decisionText(record, this.t)}${record.withheld?.length > 0 ? html`, ${history.without(record.withheld.join(", "))}` : nothing}`;
    }
    const parts = [text("report") || text("id"), text("digest").slice(0, 16), text("status") && `HTTP ${text("status")}`, text("why")];
    return html`<span class="mono">${parts.filter(Boolean).join(" · ")}</span>`;
  }
}

define("candor-journal", CandorJournal);

declare global {
  interface HTMLElementTagNameMap {
    "candor-journal": CandorJournal;
  }
}
