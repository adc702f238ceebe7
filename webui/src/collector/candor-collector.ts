/** `<candor-collector>`: the collector's page: where one is, by the address's path. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";

import { CandorElement, define } from "../elements/candor-element.js";
import { logo } from "../elements/icons.js";
import "../elements/candor-preferences.js";
import { frameStyles } from "../style/frame.js";
import { language } from "../text/index.js";
import "./candor-lately.js";
import "./candor-statistics.js";
import "./candor-upload.js";

const PAGES = ["statistics", "upload", "lately"] as const;
type Page = (typeof PAGES)[number];

const pathOf = (page: Page): string => (page === "statistics" ? "./" : `./${page}`);

export class CandorCollector extends CandorElement {
  static override styles = [CandorElement.styles, frameStyles];

  readonly #page = PAGES.find((page) => location.pathname.endsWith(`/${page}`)) ?? "statistics";

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { collector } = this.t;
    document.title = `${collector.pages[this.#page]} – ${collector.name}`;
    document.documentElement.lang = language();
  }

  override render(): TemplateResult {
    const { app, collector } = this.t;
    return html`
      <header>
        <button class="skip" @click=${this.#skip}>${app.skip}</button>
        <span class="brand">${logo}${collector.name}</span>
        <nav aria-label=${app.navigation}><ul>${PAGES.map((page) => html`
          <li><a href=${pathOf(page)} aria-current=${page === this.#page ? "page" : nothing}>${collector.pages[page]}</a></li>`)}</ul></nav>
        <div class="tools"><candor-preferences></candor-preferences></div>
      </header>
      <main tabindex="-1">
        <h1>${collector.pages[this.#page]}</h1>
        ${this.#content()}
      </main>
      <footer>${collector.foot}</footer>
    `;
  }

  #content(): TemplateResult {
    switch (this.#page) {
      case "upload": return html`<candor-upload></candor-upload>`;
      case "lately": return html`<candor-lately></candor-lately>`;
      default: return html`<candor-statistics></candor-statistics>`;
    }
  }

  #skip(): void {
    this.renderRoot.querySelector<HTMLElement>("main")?.focus();
  }
}

define("candor-collector", CandorCollector);

declare global {
  interface HTMLElementTagNameMap {
    "candor-collector": CandorCollector;
  }
}
