/** `<candor-account>`: one's own password; for superusers also the accounts and the audit. */

import { css, html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import type { News } from "../app/connection.js";
import type { Account, AuditEntry, Role } from "../api/types.js";
import { formStyles } from "../style/forms.js";
import { formatTime } from "../text/format.js";
import { define } from "./candor-element.js";
import { errorAt, field, focusFirstInvalid, textOf } from "./form-parts.js";
import { PageElement } from "./page-element.js";

export class CandorAccount extends PageElement {
  static override properties = {
    ...PageElement.properties,
    _accounts: { state: true },
    _audit: { state: true },
    _problem: { state: true },
    _of: { state: true },
    _wrong: { state: true },
    _said: { state: true },
    _removing: { state: true },
  };
  static override styles = [PageElement.styles, formStyles, css`
    :host { display: grid; gap: 1.5rem; }
    .wide { overflow-x: auto; }
    td.wrap { overflow-wrap: anywhere; }
  `];

  declare private _accounts: readonly Account[] | undefined;
  declare private _audit: readonly AuditEntry[] | undefined;
  declare private _problem: ProblemError | undefined;
  /** Which part the problem belongs to. */
  declare private _of: "password" | "accounts" | "removal" | "audit" | undefined;
  declare private _wrong: string | undefined;
  declare private _said: string;
  declare private _removing: string | undefined;

  constructor() {
    super();
    this._said = "";
  }

  protected override changed(news: News): void {
    if ((news === "signed" || news === "session") && this.isSuperuser) void this.#read();
  }

  override render(): TemplateResult {
    return html`
      <p role="status" class=${this._said ? "notice good" : "unseen"}>${this._said}</p>
      ${this.#password()}
      ${this.isSuperuser ? [this.#accountList(), this.#auditList()] : nothing}
    `;
  }

  #password(): TemplateResult {
    const { account } = this.t;
    const problem = this._of === "password" ? this._problem : undefined;
    if (this.connection?.session?.via !== "account") {
      return html`<section class="card"><h2>${account.password}</h2><p>${account.elsewhere}</p></section>`;
    }
    return html`
      <section class="card" aria-labelledby="password-title">
        <h2 id="password-title">${account.password}</h2>
        <form @submit=${this.#changePassword}>
          ${field({ name: "old", label: account.old, type: "password", autocomplete: "current-password",
            error: errorAt(problem, "/old", this.t) })}
          ${field({ name: "new", label: account.fresh, type: "password", autocomplete: "new-password",
            hint: this.t.setup.rule, error: errorAt(problem, "/new", this.t) })}
          ${field({ name: "again", label: account.again, type: "password", autocomplete: "new-password", error: this._wrong })}
          ${problem && problem.errors.length === 0 ? html`<p role="alert" class="bad-text">${problem.words}</p>` : nothing}
          <div class="actions"><button>${account.change}</button></div>
        </form>
      </section>
    `;
  }

  #accountList(): TemplateResult {
    const { account, app } = this.t;
    const problem = this._of === "accounts" ? this._problem : undefined;
    const stays = this._of === "removal" ? this._problem : undefined;
    return html`
      <section class="card" aria-labelledby="accounts-title">
        <h2 id="accounts-title" tabindex="-1">${account.accounts}</h2>
        <p class="quiet">${account.accountsIntro}</p>
        <div class="wide" tabindex="0" role="group" aria-labelledby="accounts-title"><table>
          <thead><tr><th scope="col">${account.name}</th><th scope="col">${account.role}</th>
            <th scope="col">${account.created}</th><th scope="col">${account.last}</th><th scope="col">${account.actions}</th></tr></thead>
          <tbody>${(this._accounts ?? []).map((one) => html`
            <tr><th scope="row" class="wrap">${one.name}</th><td>${app.roles[one.role]}</td><td>${formatTime(one.createdMs)}</td>
              <td>${one.lastMs === null ? account.never : formatTime(one.lastMs)}</td>
              <td>${this._removing === one.name ? this.#askRemoval(one.name) : html`
                <button aria-label=${account.remove(one.name)} @click=${() => (this._removing = one.name)}>${account.removeShort}</button>`}</td></tr>`)}
          </tbody>
        </table></div>
        ${stays ? html`<p role="alert" class="notice bad">${stays.status === 409 ? account.lastSuperuser : stays.words}</p>` : nothing}
        ${problem && problem.errors.length === 0 ? html`<p role="alert" class="notice bad">${problem.words}</p>` : nothing}
        <h3>${account.add}</h3>
        <form @submit=${this.#add}>
          ${field({ name: "name", label: account.name, autocomplete: "off", error: errorAt(problem, "/name", this.t) })}
          <div class="field"><label for="role">${account.role}</label>
            <select id="role" name="role"><option value="viewer">${app.roles.viewer}</option>
              <option value="superuser">${app.roles.superuser}</option></select></div>
          ${field({ name: "password", label: this.t.signIn.password, type: "password", autocomplete: "new-password",
            hint: this.t.setup.rule, error: errorAt(problem, "/password", this.t) })}
          <div class="actions"><button>${account.addSubmit}</button></div>
        </form>
      </section>
    `;
  }

  #askRemoval(name: string): TemplateResult {
    const { account } = this.t;
    return html`<div role="group" aria-label=${account.remove(name)}><p>${account.removeAsk(name)}</p>
      <div class="actions"><button @click=${() => void this.#remove(name)}>${account.remove(name)}</button>
      <button @click=${() => (this._removing = undefined)}>${account.keep}</button></div></div>`;
  }

  #auditList(): TemplateResult {
    const { account } = this.t;
    const problem = this._of === "audit" ? this._problem : undefined;
    return html`
      <section class="card" aria-labelledby="audit-title">
        <h2 id="audit-title">${account.audit}</h2>
        <p class="quiet">${account.auditIntro}</p>
        ${problem ? html`<p role="alert" class="notice bad">${problem.words}</p>` : nothing}
        ${this._audit?.length === 0 ? html`<p>${account.noAudit}</p>` : nothing}
        <div class="wide" tabindex="0" role="group" aria-label=${account.auditTable} ?hidden=${!this._audit?.length}><table>
          <thead><tr><th scope="col">${account.when}</th><th scope="col">${account.who}</th><th scope="col">${account.what}</th>
            <th scope="col">${account.before}</th><th scope="col">${account.after}</th><th scope="col">${account.from}</th></tr></thead>
          <tbody>${(this._audit ?? []).map((entry) => html`<tr><td>${formatTime(entry.atMs)}</td><td class="wrap">${entry.who}</td>
            <td class="wrap">${account.happened[entry.what] ?? entry.what}</td><td class="wrap">${wordsOf(entry.old)}</td><td class="wrap">${wordsOf(entry.new)}</td><td class="wrap">${entry.from}</td></tr>`)}
          </tbody>
        </table></div>
      </section>
    `;
  }

  async #read(): Promise<void> {
    const [accounts, audit] = await Promise.all([this.ask((api) => api.accounts()), this.ask((api) => api.audit())]);
    if (accounts instanceof ProblemError) this.#is("accounts", accounts);
    else this._accounts = accounts;
    if (audit instanceof ProblemError) this.#is("audit", audit);
    else this._audit = [...audit].sort((a, b) => b.seq - a.seq);
  }

  #is(of: typeof this._of, problem: ProblemError | undefined, said = ""): void {
    this._of = of;
    this._problem = problem;
    this._said = said;
    this._wrong = undefined;
    if (problem !== undefined) void this.updateComplete.then(() => focusFirstInvalid(this.renderRoot));
  }

  async #changePassword(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    this.#is(undefined, undefined);
    if (textOf(form, "new") !== textOf(form, "again")) {
      this._wrong = this.t.setup.different;
      await this.updateComplete;
      return focusFirstInvalid(this.renderRoot);
    }
    const answer = await this.ask((api) => api.changePassword(textOf(form, "old"), textOf(form, "new")));
    if (answer instanceof ProblemError) return this.#is("password", answer);
    form.reset();
    this.#is(undefined, undefined, this.t.account.changed);
    // The token may be a new one with the new password.
    void this.connection?.readSession().catch(() => undefined);
  }

  async #add(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const [name, role, password] = [textOf(form, "name"), textOf(form, "role") as Role, textOf(form, "password")];
    const answer = await this.ask((api) => api.addAccount(name, role, password));
    if (answer instanceof ProblemError) return this.#is("accounts", answer);
    form.reset();
    this.#is(undefined, undefined, this.t.account.added(name));
    await this.#read();
  }

  async #remove(name: string): Promise<void> {
    const answer = await this.ask((api) => api.removeAccount(name));
    this._removing = undefined;
    if (answer instanceof ProblemError) return this.#is("removal", answer);
    this.#is(undefined, undefined, this.t.account.removed(name));
    await this.#read();
    this.renderRoot.querySelector<HTMLElement>("#accounts-title")?.focus();
  }
}

/** {"name": "vic", "role": "viewer"} as "vic, viewer". */
function wordsOf(note: AuditEntry["old"]): string {
  return Object.values(note ?? {}).map(String).join(", ");
}

define("candor-account", CandorAccount);

declare global {
  interface HTMLElementTagNameMap {
    "candor-account": CandorAccount;
  }
}
