/** `<candor-sign-in>`: name and password. */

import { css, html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import { formStyles } from "../style/forms.js";
import { define } from "./candor-element.js";
import { field, textOf } from "./form-parts.js";
import { PageElement } from "./page-element.js";

export class CandorSignIn extends PageElement {
  static override properties = {
    ...PageElement.properties,
    undelivered: { type: Boolean },
    _busy: { state: true },
    _problem: { state: true },
  };
  static override styles = [PageElement.styles, formStyles, css`
    :host { max-inline-size: 30rem; margin-inline: auto; }
    form { max-inline-size: none; }
  `];

  /** Somebody's decision waits in this tab. */
  declare undelivered: boolean;
  declare private _busy: boolean;
  declare private _problem: ProblemError | undefined;

  constructor() {
    super();
    this.undelivered = false;
    this._busy = false;
  }

  protected override changed(): void {
    // Only what the connection knows is shown, and that renders by itself.
  }

  override render(): TemplateResult {
    const { signIn, api } = this.t;
    const session = this.connection?.session;
    const ended = session?.reason === "expired" || session?.reason === "revoked" ? api.ended[session.reason] : undefined;
    return html`
      <section class="card" aria-labelledby="title">
        <h1 id="title" tabindex="-1">${signIn.title}</h1>
        ${ended ? html`<p class="notice warn" role="status">${ended}</p>` : html`<p class="quiet">${signIn.intro}</p>`}
        ${this.undelivered ? html`<p class="notice">${signIn.undelivered}</p>` : nothing}
        ${session?.needsSetup ? html`<p class="notice">${signIn.needsSetup}</p>` : nothing}
        <form @submit=${this.#submit}>
          ${field({ name: "name", label: signIn.name, autocomplete: "username" })}
          ${field({ name: "password", label: signIn.password, type: "password", autocomplete: "current-password" })}
          <p role="alert" class="bad-text" ?hidden=${!this._problem}>${this.#words()}</p>
          <button class="primary" aria-disabled=${this._busy}>${this._busy ? signIn.busy : signIn.submit}</button>
        </form>
      </section>
    `;
  }

  #words(): string {
    const problem = this._problem;
    if (problem === undefined) return "";
    return problem.status === 401 ? this.t.signIn.wrong : problem.words;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this._busy) return;
    const form = event.target as HTMLFormElement;
    this._busy = true;
    this._problem = undefined;
    const answer = await this.ask((api) => api.signIn(textOf(form, "name"), textOf(form, "password")));
    this._busy = false;
    if (answer instanceof ProblemError) {
      this._problem = answer;
      form.querySelector<HTMLInputElement>("#password")?.select();
      return;
    }
    form.reset();
    this.connection?.signed(answer);
  }
}

define("candor-sign-in", CandorSignIn);

declare global {
  interface HTMLElementTagNameMap {
    "candor-sign-in": CandorSignIn;
  }
}
