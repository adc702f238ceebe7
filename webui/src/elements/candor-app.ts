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
  static override styles = [PageElement.styles, css`
    :host { display: grid; grid-template: auto 1fr auto / minmax(0, 1fr); min-block-size: 100vh; background: var(--c-bg); }
    .skip { position: absolute; inset-block-start: -10rem; inset-inline-start: 0.5rem; z-index: 2; padding: 0.5rem 1rem; background: var(--c-layer); }
    .skip:focus { inset-block-start: 0.5rem; }
    header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1rem; padding: 0 1.5rem; border-block-end: 1px solid var(--c-line-strong); }
    .brand { display: flex; align-items: center; gap: 0.5rem; font-weight: 600; padding-block: 0.5rem; }
    .brand svg { inline-size: 1.5rem; block-size: 1.5rem; }
    nav { flex: 1 1 0; min-inline-size: min(100%, 26rem); }
    nav ul { display: flex; flex-wrap: wrap; list-style: none; margin: 0; padding: 0; }
    nav a { display: block; padding: 0.75rem 1rem 0.625rem; border-block-end: 3px solid transparent; color: var(--c-text-2); text-decoration: none; }
    nav a:hover { color: var(--c-text); background: var(--c-layer-hover); }
    nav a[aria-current] { color: var(--c-text); border-color: var(--c-action); }
    .tools { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; padding-block: 0.375rem; }
    .who { overflow-wrap: anywhere; line-height: 1.2; }
    main { display: block; inline-size: 100%; max-inline-size: 75rem; margin-inline: auto; padding: 1.5rem; }
    main > * + * { margin-block-start: 1rem; }
    h1:focus { outline: none; }
    h1:focus-visible { outline: 2px solid var(--c-focus); outline-offset: 4px; }
    footer { padding: 1rem 1.5rem; color: var(--c-text-2); font-size: var(--c-small); }
    @media (max-width: 40rem) {
      header, footer { padding-inline: 0.75rem; }
      main { padding: 0.75rem; }
      nav a { padding-inline: 0.625rem; }
    }
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
