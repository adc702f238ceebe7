/** `<candor-consent-words>`: privacy and the legal note, as they fit the report. */

import { css, html, nothing, type TemplateResult } from "lit";

import type { Catalogue } from "../core/catalogue.js";
import { CandorElement, define } from "./candor-element.js";

export class CandorConsentWords extends CandorElement {
  static override properties = { catalogue: { attribute: false }, customer: { attribute: false } };
  static override styles = [CandorElement.styles, css`
    :host { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
    section { display: grid; gap: 0.5rem; align-content: start; }
    ul { margin: 0; padding-inline-start: 1.25rem; display: grid; gap: 0.25rem; }
  `];

  declare catalogue: Catalogue | undefined;
  /** Whether a customer id is configured. */
  declare customer: boolean;

  constructor() {
    super();
    this.customer = false;
  }

  override render(): TemplateResult {
    const { consent } = this.t;
    const fields = this.catalogue?.fields ?? [];
    const business = this.catalogue?.license !== undefined && fields.some(({ sensitivity }) => sensitivity === "business");
    const customer = this.customer && (this.catalogue?.settings === undefined || Object.values(this.catalogue.settings).includes("customerId"));
    return html`
      <section aria-labelledby="privacy"><h3 id="privacy">${consent.privacyTitle}</h3><ul>
        ${consent.privacy.map((line) => html`<li>${line}</li>`)}
        ${business ? html`<li>${consent.privacyBusiness}</li>` : nothing}
        ${customer ? html`<li>${consent.privacyCustomer}</li>` : nothing}</ul></section>
      <section aria-labelledby="legal"><h3 id="legal">${consent.legalTitle}</h3><p>${consent.legal}</p></section>
    `;
  }
}

define("candor-consent-words", CandorConsentWords);

declare global {
  interface HTMLElementTagNameMap {
    "candor-consent-words": CandorConsentWords;
  }
}
