/** `<candor-new-fields>`: what came and went since the last decision, or since the look, in words. */

import { css, html, nothing, type TemplateResult } from "lit";

import { describe } from "../app/withholding.js";
import type { Catalogue } from "../core/catalogue.js";
import { CandorElement, define } from "./candor-element.js";

export class CandorNewFields extends CandorElement {
  static override properties = { ids: { attribute: false }, gone: { attribute: false }, catalogue: { attribute: false }, sinceLook: { type: Boolean, attribute: "since-look" } };
  static override styles = [CandorElement.styles, css`
    section { display: grid; gap: 0.5rem; }
    ul { margin: 0; padding-inline-start: 1.25rem; display: grid; gap: 0.5rem; }
    li { overflow-wrap: anywhere; }
  `];

  /** Scope ids. */
  declare ids: readonly string[];
  declare gone: readonly string[];
  declare catalogue: Catalogue | undefined;
  /** Not since the last decision. */
  declare sinceLook: boolean;

  constructor() {
    super();
    this.ids = [];
    this.gone = [];
    this.sinceLook = false;
  }

  override render(): TemplateResult {
    const { consent } = this.t;
    return html`
      <section class="notice" aria-labelledby="new">
        <h3 id="new">${consent.newTitle(this.ids.length)}</h3>
        <p>${this.sinceLook ? consent.newSinceLook : consent.newIntro}</p>
        <ul>${this.ids.map((id) => this.#item(id))}</ul>
        ${this.gone.length > 0 ? html`
          <p>${this.sinceLook ? consent.goneSinceLook(this.gone.length) : consent.gone(this.gone.length)}</p>
          <ul>${this.gone.map((id) => html`<li><code>${id}</code></li>`)}</ul>` : nothing}
      </section>
    `;
  }

  #item(id: string): TemplateResult {
    const { consent } = this.t;
    const words = this.catalogue && describe(this.catalogue, id);
    if (words === undefined) return html`<li><code>${id}</code> ${consent.newUnknown}</li>`;
    return html`<li><strong lang="en">${words.title}</strong> <code class="small">${id}</code><br>
      <span lang="en">${words.description}</span> ${consent.whyLabel} <span lang="en">${words.why}</span> (${consent.since(words.since)})</li>`;
  }
}

define("candor-new-fields", CandorNewFields);

declare global {
  interface HTMLElementTagNameMap {
    "candor-new-fields": CandorNewFields;
  }
}
