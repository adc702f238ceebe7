/**
 * `<candor-settings>`: the values that hold, and where each is changed. Says "decide" when somebody
 * wants to look and change the decision, and "deny" when somebody stops the sending.
 */

import { css, html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import type { CatalogueAnswer, Status } from "../api/types.js";
import type { News } from "../app/connection.js";
import { decisionText } from "../app/decision.js";
import { mayBeDecided } from "../app/headline.js";
import { placeOf } from "../app/origin.js";
import { describe } from "../app/withholding.js";
import { pageStyles } from "../style/page.js";
import { formatNumber, formatSpan } from "../text/format.js";
import type { Texts } from "../text/index.js";
import { define } from "./candor-element.js";
import { PageElement } from "./page-element.js";

type Key = keyof Texts["settings"]["keys"];

const GROUPS: readonly (readonly ["schedule" | "network" | "identity" | "components", readonly Key[]])[] = [
  ["schedule", ["mode", "doNotTrack", "reporterActivate", "initializeTelemetry", "initialReport", "reportingPeriodSeconds", "reviewWindowSeconds"]],
  ["network", ["endpoint", "requestTimeoutMs", "requestRetries", "proxy", "proxyCredentialsFile", "caFile", "clientCertificateFile", "clientKeyFile", "receiptKeys"]],
  ["identity", ["catalogue", "profile", "customerId", "installationId", "withhold", "erasable"]],
  ["components", ["managed"]],
];

export class CandorSettings extends PageElement {
  static override properties = {
    ...PageElement.properties,
    _status: { state: true },
    _configuration: { state: true },
    _catalogue: { state: true },
    _problem: { state: true },
    _asking: { state: true },
  };
  static override styles = [PageElement.styles, pageStyles, css`
    :host { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
    section { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
    td, th { overflow-wrap: anywhere; }
    table { table-layout: fixed; }
    button.switch { display: inline-flex; gap: 0.5rem; align-items: center; margin-inline-start: -0.75rem; color: inherit; }
    .notice { display: grid; gap: 0.5rem; }
    .knob { inline-size: 2.5rem; block-size: 1.25rem; border: 1px solid var(--c-line-strong); border-radius: 1rem; background: var(--c-bg); padding: 2px; display: flex; }
    .knob::before { content: ""; inline-size: 0.875rem; block-size: 0.875rem; border-radius: 50%; background: var(--c-line-strong); }
    [aria-checked="true"] .knob { background: var(--c-good); justify-content: end; }
    [aria-checked="true"] .knob::before { background: var(--c-layer); }
    @media (max-width: 40rem) {
      table, tbody, tr, td, th[scope="row"] { display: block; }
      thead { display: none; }
      tr { border-block-end: 1px solid var(--c-line); padding-block: 0.375rem; }
      td, th { border: 0; padding: 0.0625rem 0; }
    }
  `];

  declare private _status: Status | undefined;
  declare private _configuration: Readonly<Record<string, unknown>> | undefined;
  declare private _catalogue: CatalogueAnswer | undefined;
  declare private _problem: ProblemError | undefined;
  declare private _asking: boolean;

  constructor() {
    super();
    this._asking = false;
  }

  protected override changed(news: News): void {
    if (news === "signed" || news === "status") void this.#read();
  }

  override render(): TemplateResult {
    const { settings, app } = this.t;
    const { _status: status, _configuration: configuration } = this;
    if (status === undefined || configuration === undefined) {
      return html`<p class=${this._problem ? "notice bad" : "quiet"}>${this._problem ? this._problem.words : app.loading}</p>`;
    }
    return html`
      <p>${settings.intro} ${settings.change}</p>
      ${this._problem ? html`<p class="notice bad">${this._problem.words}</p>` : nothing}
      <section class="card" aria-labelledby="consent"><h2 id="consent">${settings.consent}</h2>${this.#decision(status)}</section>
      ${GROUPS.map(([group, keys]) => html`
        <section aria-labelledby=${group}><h2 id=${group}>${settings[group]}</h2>
          <table aria-labelledby=${group}>
            <thead><tr><th scope="col">${settings.name}</th><th scope="col">${settings.value}</th><th scope="col">${settings.origin}</th></tr></thead>
            <tbody>${keys.filter((key) => key in configuration).map((key) => html`
              <tr><th scope="row">${settings.keys[key]}<br><code class="small quiet">${key}</code></th>
                <td>${this.#value(key, configuration[key])}</td><td class="quiet">${this.#origin(configuration, key)}</td></tr>`)}</tbody>
          </table></section>`)}
    `;
  }

  #decision(status: Status): TemplateResult {
    const { settings, telemetry, consent } = this.t;
    const record = status.consent;
    const granted = record?.verdict === "granted";
    const isOff = !mayBeDecided(status);
    const withheld = granted ? record.withheld : [];
    return html`
      ${this.isSuperuser && !isOff ? html`
        <div class="row"><button class="plain switch" role="switch" aria-checked=${granted} @click=${() => this.#toggle(granted)}>
          <span class="knob" aria-hidden="true"></span>${settings.toggle}</button><span class="quiet">${granted ? settings.toggleOn : settings.toggleOff}</span></div>` : nothing}
      ${this._asking ? html`
        <div class="notice warn" role="group" aria-label=${settings.deny}><p>${settings.denyAsk}</p>
          <div class="actions"><button @click=${this.#deny}>${settings.denyYes}</button>
            <button id="keep" @click=${() => (this._asking = false)}>${settings.denyNo}</button></div></div>` : nothing}
      <p class="break">${record === null ? telemetry.nobody : decisionText(record, this.t)}</p>
      <p>${settings.withheld}: ${withheld.length === 0 ? settings.withheldNone : this.#names(withheld)}</p>
      ${this._catalogue && this._catalogue.withheldByConfiguration.length > 0
        ? html`<p>${settings.withheld} ${settings.byConfiguration}: ${this.#names(this._catalogue.withheldByConfiguration)}</p>` : nothing}
      ${isOff ? html`<p class="quiet">${consent.offMode}</p>` : this.isSuperuser
        ? html`<div class="actions"><button @click=${this.#decide}>${settings.open}</button></div>`
        : html`<p class="quiet">${telemetry.onlySuperusers}</p>`}
    `;
  }

  #names(ids: readonly string[]): TemplateResult {
    return html`<ul>${ids.map((id) => {
      const words = this._catalogue && describe(this._catalogue.catalogue, id);
      return html`<li class="break">${words ? html`<span lang="en">${words.title}</span> ` : nothing}<code class="quiet">${id}</code></li>`;
    })}</ul>`;
  }

  #value(key: Key, value: unknown): TemplateResult | string {
    const { settings, telemetry } = this.t;
    if (typeof value === "boolean") return value ? settings.on : settings.off;
    if (value === null || value === undefined) return settings.notSet;
    if (key === "mode") return (settings.modes as Readonly<Record<string, string>>)[String(value)] ?? String(value);
    if (key === "requestTimeoutMs" && typeof value === "number") return value % 1000 === 0 ? formatSpan(value / 1000) : `${formatNumber(value)} ms`;
    if ((key === "reportingPeriodSeconds" || key === "reviewWindowSeconds") && typeof value === "number") return formatSpan(value);
    if (typeof value === "number") return formatNumber(value);
    if (key === "managed") {
      const releases = (value as { releases?: readonly { components?: readonly unknown[] }[] }).releases ?? [];
      return settings.managedCount(releases.reduce((sum, { components = [] }) => sum + components.length, 0), releases.length);
    }
    if (Array.isArray(value)) return value.length === 0 ? settings.withheldNone : this.#names(value.map(String));
    if (value !== "") return html`<code>${String(value)}</code>`;
    if (key === "caFile") return settings.systemAuthorities;
    return key === "endpoint" ? telemetry.noDestination : settings.notSet;
  }

  #origin(configuration: Readonly<Record<string, unknown>>, key: Key): string {
    const { settings } = this.t;
    const origins = (configuration["origins"] ?? {}) as Readonly<Record<string, string>>;
    const text = origins[`/${key}`] ?? origins[key] ?? "";
    const place = placeOf(text);
    if (place.kind === "default") return settings.origins.default;
    if (place.kind === "environment") return settings.origins.environment(place.name);
    return place.kind === "file" ? settings.origins.file(place.name, place.line) : text;
  }

  #toggle(granted: boolean): void {
    if (!granted) return this.#decide();
    this._asking = true;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("#keep")?.focus());
  }

  #decide(): void {
    this.dispatchEvent(new Event("decide", { bubbles: true, composed: true }));
  }

  #deny(): void {
    this._asking = false;
    this.dispatchEvent(new Event("deny", { bubbles: true, composed: true }));
  }

  async #read(): Promise<void> {
    if (this.connection?.session?.user == null) return;
    const answers = await this.ask(async (api) => Promise.all([api.status(), api.configuration(), api.catalogue()]));
    if (answers instanceof ProblemError) {
      this._problem = answers;
      return;
    }
    this._problem = undefined;
    [this._status, this._configuration, this._catalogue] = answers;
  }
}

define("candor-settings", CandorSettings);

declare global {
  interface HTMLElementTagNameMap {
    "candor-settings": CandorSettings;
  }
}
