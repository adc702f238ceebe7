/** `<candor-standing>`: the decision that stands, what happens next, and why. Says "decide". */

import { css, html, nothing, type TemplateResult } from "lit";

import type { Status } from "../api/types.js";
import { decisionText } from "../app/decision.js";
import { headlineOf, mayBeDecided } from "../app/headline.js";
import { pageStyles } from "../style/page.js";
import { formatBytes, formatDistance, formatTime } from "../text/format.js";
import { said, withTimes } from "../text/said.js";
import { CandorElement, define } from "./candor-element.js";

const TICK_MS = 15_000;

export class CandorStanding extends CandorElement {
  static override properties = { status: { attribute: false }, mayDecide: { attribute: false } };
  static override styles = [CandorElement.styles, pageStyles, css`
    :host { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
    .card { display: grid; gap: 0.5rem; align-content: start; grid-template-columns: minmax(0, 1fr); }
    h2 { font-size: 1rem; font-weight: 600; }
    details dl { margin-block-start: 0.25rem; }
    li + li { margin-block-start: 0.25rem; }
  `];

  declare status: Status | undefined;
  declare mayDecide: boolean;
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.mayDecide = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = setInterval(() => this.requestUpdate(), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#tick);
  }

  override render(): TemplateResult | typeof nothing {
    const { status } = this;
    if (status === undefined) return nothing;
    const { telemetry } = this.t;
    return html`
      <section class="card" aria-labelledby="decision"><h2 id="decision">${telemetry.decision}</h2>${this.#decision(status)}</section>
      <section class="card" aria-labelledby="next"><h2 id="next">${telemetry.next}</h2>
        <ul class="bare">${this.#next(status).map((line) => html`<li class="break">${line}</li>`)}</ul>
        <details><summary>${telemetry.why}</summary>
          <dl>${status.reasons.map(({ rule, text }) => {
            const words = said(text);
            return html`<dt>${telemetry.rules[rule] ?? rule}</dt><dd class="break" lang=${words === undefined ? "en" : nothing}>${words ?? withTimes(text)}</dd>`;
          })}</dl>
        </details>
      </section>
    `;
  }

  #decision(status: Status): TemplateResult {
    const { telemetry } = this.t;
    const record = status.consent;
    const button = record === null ? telemetry.decide : record.verdict === "denied" ? telemetry.reopen : telemetry.change;
    const withheld = record?.verdict === "granted" ? record.withheld.length : 0;
    return html`
      <p class="break">${record === null ? telemetry.nobody : decisionText(record, this.t)}</p>
      ${withheld > 0 ? html`<p>${telemetry.withheld(withheld)}</p>` : nothing}
      ${status.newFields.length > 0 ? html`<p class="notice">${telemetry.newFields(status.newFields.length)}</p>` : nothing}
      ${!mayBeDecided(status) ? nothing : this.mayDecide
        ? html`<div class="actions"><button class=${record === null ? "primary" : ""} @click=${this.#decide}>${button}</button></div>`
        : html`<p class="quiet">${telemetry.onlySuperusers}</p>`}
    `;
  }

  #next(status: Status): string[] {
    const { telemetry } = this.t;
    const now = Date.now();
    const { pending, nextMs } = status;
    const sends = headlineOf(status) === "enabled";
    const lines: string[] = [];
    if (status.action === "send") lines.push(telemetry.sending);
    else if (nextMs === null) lines.push(telemetry.nothing);
    else lines.push((sends ? telemetry.nextSend : telemetry.nextLook)(formatTime(nextMs), formatDistance(nextMs, now)));
    if (pending) lines.push(telemetry.waiting(formatBytes(pending.bytes), formatTime(pending.sealedMs ?? now)));
    if (sends || status.lastAcceptedMs !== null) {
      lines.push(status.lastAcceptedMs === null ? telemetry.noneAccepted : telemetry.lastAccepted(formatTime(status.lastAcceptedMs)));
    }
    if (status.failures > 0) lines.push(telemetry.failures(status.failures));
    if (status.mode === "online") {
      lines.push(status.endpoint === null ? telemetry.noDestination : telemetry.destination(status.endpoint));
    }
    return lines;
  }

  #decide(): void {
    this.dispatchEvent(new Event("decide", { bubbles: true, composed: true }));
  }
}

define("candor-standing", CandorStanding);

declare global {
  interface HTMLElementTagNameMap {
    "candor-standing": CandorStanding;
  }
}
