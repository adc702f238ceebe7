/** `<candor-undelivered>`: a decision that the server has not confirmed. Says "again", "look" or "drop". */

import { css, html, nothing, type TemplateResult } from "lit";

import type { Trouble } from "../app/connection.js";
import type { Decision } from "../app/decision.js";
import { pageStyles } from "../style/page.js";
import { formatTime } from "../text/format.js";
import { CandorElement, define } from "./candor-element.js";

export class CandorUndelivered extends CandorElement {
  static override properties = { decision: { attribute: false }, sending: { type: Boolean }, untitled: { type: Boolean }, trouble: { attribute: false } };
  static override styles = [CandorElement.styles, pageStyles, css`
    section { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
    ul { margin: 0; }
  `];

  declare decision: Decision | undefined;
  declare sending: boolean;
  /** What it stands in says already what it is. */
  declare untitled: boolean;
  /** Of the connection. */
  declare trouble: Trouble;

  constructor() {
    super();
    this.sending = false;
    this.untitled = false;
    this.trouble = "none";
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("#again")?.focus();
  }

  override render(): TemplateResult | typeof nothing {
    const { consent, app } = this.t;
    const { decision, sending, trouble } = this;
    const words = consent.undelivered;
    if (decision === undefined) return nothing;
    const { verdict, withheld, madeMs } = decision;
    const say = (what: string) => () => void (!sending && this.dispatchEvent(new Event(what)));
    return html`
      <section class="notice warn" aria-label=${words.title}>
        ${this.untitled ? nothing : html`<p><strong>${words.title}</strong></p>`}
        <p>${verdict === "granted" ? words.granted(withheld.length) : words.denied} ${words.when(formatTime(madeMs))}</p>
        ${withheld.length > 0 ? html`<ul class="mono small">${withheld.map((id) => html`<li class="break">${id}</li>`)}</ul>` : nothing}
        ${trouble === "none" || trouble === "slow" ? nothing : html`<p>${app[trouble]}</p>`}
        <div class="actions">
          <button id="again" aria-disabled=${sending} @click=${say("again")}>${sending ? consent.sending : words.again}</button>
          <button aria-disabled=${sending} @click=${say("look")}>${words.look}</button>
          <button aria-disabled=${sending} @click=${say("drop")}>${words.drop}</button>
        </div>
      </section>
    `;
  }
}

define("candor-undelivered", CandorUndelivered);

declare global {
  interface HTMLElementTagNameMap {
    "candor-undelivered": CandorUndelivered;
  }
}
