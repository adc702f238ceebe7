/** `<candor-app>`: the whole page: who is signed in, where one is, and what is going on. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";

import "./candor-account.js";
import "./candor-connection.js";
import "./candor-consent.js";
import "./candor-history.js";
import "./candor-preferences.js";
import "./candor-report-page.js";
import "./candor-settings.js";
import "./candor-setup.js";
import "./candor-sign-in.js";
import "./candor-telemetry-page.js";

import type { Role } from "../api/types.js";
import type { News } from "../app/connection.js";
import { hasUndeliveredDecision } from "../app/decision.js";
import { frameStyles } from "../style/frame.js";
import { language } from "../text/index.js";
import type { CandorConsent } from "./candor-consent.js";
import { define } from "./candor-element.js";
import { logo } from "./icons.js";
import { PageElement } from "./page-element.js";

const PAGES = ["telemetry", "report", "history", "settings", "account"] as const;
type Page = (typeof PAGES)[number];

const isPage = (name: string): name is Page => (PAGES as readonly string[]).includes(name);

export class CandorApp extends PageElement {
  static override properties = {
    ...PageElement.properties,
    _page: { state: true },
    _token: { state: true },
    _said: { state: true },
  };
  static override styles = [PageElement.styles, frameStyles, css`
    .who { overflow-wrap: anywhere; line-height: 1.2; }
  `];

  declare private _page: Page | undefined;
  declare private _token: string;
  declare private _said: string;
  #role: Role | null = null;
  #user: string | null | undefined;

  constructor() {
    super();
    this._token = "";
    this._said = "";
    this._page = "telemetry";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.#follow);
    this.#read(location.hash);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#follow);
  }

  protected override changed(news: News): void {
    if (news !== "signed") return;
    const session = this.connection?.session;
    const { app } = this.t;
    const [user, role] = [session?.user ?? null, session?.role ?? null];
    const same = user !== null && user === this.#user;
    this._said = "";
    if (same && role !== null && role !== this.#role) {
      this._said = (role === "viewer" ? app.roleChanged : app.roleRaised)(app.roles[role]);
    }
    if (this.#user !== undefined && user !== this.#user) this.#focusTitle();
    this.#user = user;
    this.#role = role;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    document.title = `${this.#title()} – ${this.t.app.name}`;
    document.documentElement.lang = language();
  }

  override render(): TemplateResult {
    const { app } = this.t;
    const session = this.connection?.session;
    const signedIn = session?.user != null;
    return html`
      <header>
        <button class="skip" @click=${this.#skip}>${app.skip}</button>
        <span class="brand">${logo}${app.name}</span>
        ${signedIn ? this.#navigation() : html`<span class="grow"></span>`}
        <div class="tools">
          ${signedIn ? html`<span class="who small quiet" title=${app.signedInAs(session.user ?? "")}>${session.user}${session.role ? html`<br>${app.roles[session.role]}` : nothing}</span>
            ${session.via === "account" ? html`<button @click=${() => void this.#signOut()}>${app.signOut}</button>` : nothing}` : nothing}
          <candor-preferences></candor-preferences>
        </div>
      </header>
      <main tabindex="-1">
        <candor-connection .api=${this.api}></candor-connection>
        <candor-consent .api=${this.api}></candor-consent>
        <p role="status" class=${this._said ? "notice warn" : "unseen"}>${this._said}</p>
        ${this.#content()}
      </main>
      <footer>${session ? app.version(session.version) : ""}</footer>
    `;
  }

  #navigation(): TemplateResult {
    const { app } = this.t;
    return html`<nav aria-label=${app.navigation}><ul>${PAGES.map((page) => html`
      <li><a href="#${page}" aria-current=${page === this._page ? "page" : nothing}>${app.pages[page]}</a></li>`)}</ul></nav>`;
  }

  #content(): TemplateResult {
    const { app } = this.t;
    const session = this.connection?.session;
    if (this._token !== "") return html`<candor-setup .api=${this.api} .token=${this._token} @done=${this.#setUp}></candor-setup>`;
    if (session === undefined) return html`<p>${app.loading}</p>`;
    if (session.user === null) {
      return html`<candor-sign-in .api=${this.api} ?undelivered=${hasUndeliveredDecision()}></candor-sign-in>`;
    }
    if (this._page === undefined) return html`<h1 tabindex="-1">${app.unknownPage}</h1>`;
    if (this._page === "telemetry") {
      return html`<candor-telemetry-page .api=${this.api} @decide=${this.#decide}></candor-telemetry-page>`;
    }
    const heading = html`<h1 tabindex="-1">${app.pages[this._page]}</h1>`;
    const element = {
      report: () => html`<candor-report-page .api=${this.api}></candor-report-page>`,
      history: () => html`<candor-history .api=${this.api}></candor-history>`,
      settings: () => html`<candor-settings .api=${this.api} @decide=${this.#decide} @deny=${this.#deny}></candor-settings>`,
      account: () => html`<candor-account .api=${this.api}></candor-account>`,
    }[this._page];
    return html`${heading}${element()}`;
  }

  #title(): string {
    const { app, setup, signIn } = this.t;
    if (this._token !== "") return setup.title;
    if (this.connection?.session?.user == null) return signIn.title;
    return this._page === undefined ? app.unknownPage : app.pages[this._page];
  }

  readonly #follow = (): void => {
    this.#read(location.hash);
    this.#focusTitle();
  };

  #read(hash: string): void {
    const name = hash.replace(/^#/, "");
    const token = /^setup=([^&]+)$/.exec(name)?.[1];
    this._token = token ?? "";
    // The link is a secret: it does not stay in the address or the history.
    if (token !== undefined) history.replaceState(null, "", location.pathname);
    else this._page = name === "" ? "telemetry" : isPage(name) ? name : undefined;
  }

  /** A new page is read from its title on. */
  #focusTitle(): void {
    void this.updateComplete.then(async () => {
      const element = this.renderRoot.querySelector("main > candor-sign-in, main > candor-setup, main > candor-telemetry-page");
      await (element as { updateComplete?: Promise<unknown> } | null)?.updateComplete;
      const title = (element?.shadowRoot ?? this.renderRoot).querySelector<HTMLElement>("h1");
      title?.focus();
    });
  }

  #skip(): void {
    this.renderRoot.querySelector<HTMLElement>("main")?.focus();
  }

  #setUp(): void {
    this._token = "";
    this.#focusTitle();
  }

  get #consent(): CandorConsent | null {
    return this.renderRoot.querySelector("candor-consent");
  }

  #decide(): void {
    void this.#consent?.open();
  }

  #deny(): void {
    void this.#consent?.deny();
  }

  async #signOut(): Promise<void> {
    await this.ask((api) => api.signOut());
    await this.connection?.readSession().catch(() => undefined);
  }
}

define("candor-app", CandorApp);

declare global {
  interface HTMLElementTagNameMap {
    "candor-app": CandorApp;
  }
}
