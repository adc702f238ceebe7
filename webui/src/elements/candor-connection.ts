/** `<candor-connection>`: says so when the server is slow, silent or starting, and when it is back. */

import { css, html, nothing, type TemplateResult } from "lit";

import type { News, Trouble } from "../app/connection.js";
import { formatDistance } from "../text/format.js";
import { define } from "./candor-element.js";
import { PageElement } from "./page-element.js";

const BACK_SHOWN_MS = 6000;

export class CandorConnection extends PageElement {
  static override properties = { ...PageElement.properties, _back: { state: true } };
  static override styles = [PageElement.styles, css`
    .notice { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; }
  `];

  declare private _back: boolean;
  #before: Trouble = "none";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this._back = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override changed(news: News): void {
    if (news !== "trouble") return;
    const now = this.connection?.trouble ?? "none";
    if (now === "none" && (this.#before === "unreachable" || this.#before === "unavailable")) {
      this._back = true;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => (this._back = false), BACK_SHOWN_MS);
    }
    if (now !== "none") this._back = false;
    this.#before = now;
  }

  override render(): TemplateResult {
    const { app } = this.t;
    const trouble = this.connection?.trouble ?? "none";
    const words = trouble === "none" ? (this._back ? app.backAgain : "") : app[trouble];
    const kind = trouble === "none" ? "good" : "warn";
    const retryAt = this.connection?.retryAtMs;
    const retries = trouble === "unreachable" || trouble === "unavailable";
    // The live region is always there; only its words come and go.
    return html`
      <div class=${words ? `notice ${kind}` : ""}>
        <span role="status">${words}</span>
        ${retries && retryAt !== undefined ? html`<span class="quiet">${app.nextTry(formatDistance(retryAt, Date.now()))}</span>` : nothing}
        ${retries ? html`<button @click=${() => this.connection?.retryNow()}>${app.tryNow}</button>` : nothing}
      </div>
    `;
  }
}

define("candor-connection", CandorConnection);

declare global {
  interface HTMLElementTagNameMap {
    "candor-connection": CandorConnection;
  }
}
