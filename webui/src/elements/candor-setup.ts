/** `<candor-setup>`: the first superuser, by the one-time link. Says "done" when there is one. */

import { css, html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import { formStyles } from "../style/forms.js";
import { define } from "./candor-element.js";
import { errorAt, field, focusFirstInvalid, textOf } from "./form-parts.js";
import { PageElement } from "./page-element.js";

const LEAST_PASSWORD_BYTES = 8;

export class CandorSetup extends PageElement {
  static override properties = {
    ...PageElement.properties,
    token: {},
    _busy: { state: true },
    _problem: { state: true },
    _wrong: { state: true },
  };
  static override styles = [PageElement.styles, formStyles, css`
    :host { max-inline-size: 30rem; margin-inline: auto; }
    form { max-inline-size: none; }
  `];

  /** From the link. */
  declare token: string;
  declare private _busy: boolean;
  declare private _problem: ProblemError | undefined;
  /** What the page itself finds wrong, by field. */
  declare private _wrong: Readonly<Record<string, string>>;

  constructor() {
    super();
    this.token = "";
    this._busy = false;
    this._wrong = {};
  }

  protected override changed(): void {
    // Nothing of the server's is shown.
  }

  override render(): TemplateResult {
    const { setup } = this.t;
    const problem = this._problem;
    if (problem?.status === 403) {
      return html`
        <section class="card" aria-labelledby="title">
          <h1 id="title" tabindex="-1">${setup.title}</h1>
          <p class="notice bad" role="alert">${setup.refused}</p>
          <div class="actions"><button @click=${this.#leave}>${setup.toSignIn}</button></div>
        </section>`;
    }
    const error = (name: string): string | undefined => this._wrong[name] ?? errorAt(problem, `/${name}`, this.t);
    return html`
      <section class="card" aria-labelledby="title">
        <h1 id="title" tabindex="-1">${setup.title}</h1>
        <p class="quiet">${setup.intro}</p>
        <form novalidate @submit=${this.#submit}>
          ${field({ name: "name", label: this.t.signIn.name, autocomplete: "username", error: error("name") })}
          ${field({ name: "password", label: this.t.signIn.password, type: "password", autocomplete: "new-password",
            hint: setup.rule, error: error("password") })}
          ${field({ name: "again", label: setup.again, type: "password", autocomplete: "new-password", error: error("again") })}
          ${problem && problem.errors.length === 0 ? html`<p role="alert" class="bad-text">${problem.words}</p>` : nothing}
          <button class="primary" aria-disabled=${this._busy}>${setup.submit}</button>
        </form>
      </section>
    `;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this._busy) return;
    const form = event.target as HTMLFormElement;
    const [name, password, again] = [textOf(form, "name"), textOf(form, "password"), textOf(form, "again")];
    const { setup } = this.t;
    this._problem = undefined;
    this._wrong = {
      ...(name === "" && { name: setup.nameMissing }),
      ...(new TextEncoder().encode(password).length < LEAST_PASSWORD_BYTES && { password: setup.short }),
      ...(password !== again && { again: setup.different }),
    };
    if (Object.keys(this._wrong).length === 0) {
      this._busy = true;
      const answer = await this.ask((api) => api.setUp(this.token, name, password));
      this._busy = false;
      if (!(answer instanceof ProblemError)) {
        form.reset();
        this.connection?.signed(answer);
        this.#leave();
        return;
      }
      this._problem = answer;
    }
    await this.updateComplete;
    focusFirstInvalid(this.renderRoot);
  }

  #leave(): void {
    this.dispatchEvent(new Event("done"));
  }
}

define("candor-setup", CandorSetup);

declare global {
  interface HTMLElementTagNameMap {
    "candor-setup": CandorSetup;
  }
}
