/**
 * `<candor-consent>`: look, leave out, then decide. Opens by itself for superusers while the server
 * asks, and once in a tab until the next sign-in; otherwise by open(). A decision that did not reach
 * the server stays on the screen, see app/decision.ts.
 */

import { html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import { type Basis, type Changes, changesOf, conflictWords, questionOf, readBasis } from "../app/basis.js";
import type { News } from "../app/connection.js";
import {
  bodyOf, type Decision, dropDecision, isRecordOf, keepDecision, undeliveredDecision,
} from "../app/decision.js";
import { mayBeDecided } from "../app/headline.js";
import { type Look, Looker } from "../app/look.js";
import { forgetLater, putOff, wasPutOff } from "../app/later.js";
import { describe } from "../app/withholding.js";
import { consentStyles } from "../style/consent.js";
import { pageStyles } from "../style/page.js";
import type { PreviewEvents } from "../preview/source.js";
import { formatSpan } from "../text/format.js";
import { define } from "./candor-element.js";
import { PageElement } from "./page-element.js";
import { decisionText } from "./candor-standing.js";
import type { CandorWithholding } from "./candor-withholding.js";
import "./candor-consent-words.js";
import "./candor-new-fields.js";
import "./candor-report-preview.js";
import "./candor-undelivered.js";
import "./candor-withholding.js";

type Stage = "closed" | "deciding" | "sending" | "undelivered" | "done";
type Looked = "scrolled" | "downloaded" | "stated";

export class CandorConsent extends PageElement {
  static override properties = {
    ...PageElement.properties,
    _stage: { state: true },
    _basis: { state: true },
    _look: { state: true },
    _withheld: { state: true },
    _looked: { state: true },
    _notice: { state: true },
    _changes: { state: true },
    _decision: { state: true },
    _renewing: { state: true },
    _same: { state: true },
  };
  static override styles = [PageElement.styles, pageStyles, consentStyles];

  declare private _stage: Stage;
  /** What the decision is about, or why it cannot be read. */
  declare private _basis: Basis | ProblemError | undefined;
  declare private _look: Look | ProblemError | undefined;
  declare private _withheld: readonly string[];
  declare private _looked: Looked | undefined;
  declare private _notice: string;
  /** What came and went between the look and a decision that was refused for it. */
  declare private _changes: Changes | undefined;
  declare private _decision: Decision | undefined;
  declare private _renewing: boolean;
  /** The digest that the core and the server agree on. */
  declare private _same: string | undefined;
  readonly #looker = new Looker();
  /** Whose choice is on the screen: it survives an ended session. */
  #chooser: string | undefined;

  constructor() {
    super();
    this._stage = "closed";
    this._withheld = [];
    this._notice = "";
    this._renewing = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#looker.stop();
  }

  /** Shows the dialog, for whoever wants to look again; the server decides who may decide. */
  async open(): Promise<void> {
    if (this._stage === "deciding" || this._stage === "sending") return;
    if (this._stage === "undelivered") return this.#show();
    this.#chooser = this.connection?.session?.user ?? undefined;
    this._notice = "";
    this._changes = undefined;
    this._looked = undefined;
    this._look = undefined;
    this._stage = "deciding";
    await this.updateComplete;
    this.#show();
    await this.#readBasis(true);
  }

  /** Says no, as the button of the dialog does. */
  async deny(): Promise<void> {
    await this.open();
    if (this._stage === "deciding") this.#decide("denied");
  }

  protected override changed(news: News): void {
    if (news !== "signed" && news !== "status") return;
    const user = this.connection?.session?.user;
    if (user == null) return this.#signedOut();
    if (this.#chooser !== undefined && this.#chooser !== user) this.#forget();
    const undelivered = undeliveredDecision(user);
    if (undelivered !== undefined && this._stage !== "sending") return this.#offerAgain(undelivered);
    if (this.#chooser === user && this._stage === "deciding") {
      if (!this.#dialog?.open) void this.#goOn();
      return;
    }
    if (this._stage === "closed" && this.isSuperuser && !wasPutOff()) void this.#openIfAsked();
  }

  override render(): TemplateResult {
    const { consent } = this.t;
    return html`
      ${this._stage === "undelivered" && !this.#dialog?.open && this.connection?.session?.user != null ? html`
        ${this._notice ? html`<p role="alert" class="notice warn">${this._notice}</p>` : nothing}
        ${this.#undelivered()}` : nothing}
      <dialog class=${this._stage === "done" ? "done" : ""} aria-labelledby="title" @cancel=${this.#cancelled} @close=${this.#closed}>
        ${this._stage === "closed" ? nothing : html`
          <header><h2 id="title" tabindex="-1">${this.#title()}</h2></header>
          <div class="body" tabindex="0" role="group" aria-labelledby="title">
            <p role="alert" class=${this._notice ? "notice warn" : "unseen"}>${this._notice}</p>
            ${this._stage === "undelivered" || this._stage === "sending" ? this.#undelivered(true) : nothing}
            ${this._stage === "done" ? this.#done() : html`<div class="content" ?inert=${this._stage !== "deciding"}>${this.#body()}</div>`}
          </div>
          ${this._stage === "deciding" ? this.#buttons() : nothing}
          ${this._stage === "done" ? html`<footer><div class="decide"><button @click=${this.#close}>${this.t.common.close}</button></div></footer>` : nothing}
          ${this._stage === "sending" ? html`<footer><p role="status">${consent.sending}</p></footer>` : nothing}`}
      </dialog>
    `;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot?.querySelector?.("dialog") ?? null;
  }

  #title(): string {
    const { consent, telemetry } = this.t;
    if (this._stage === "done") return telemetry.decision;
    return this._stage === "undelivered" ? consent.undelivered.title : consent.title[questionOf(this._basis)];
  }

  #body(): TemplateResult {
    const { consent, app } = this.t;
    const basis = this._basis;
    if (basis === undefined) return html`<p ?hidden=${this._stage !== "deciding"}>${app.loading}</p>`;
    if (basis instanceof ProblemError) return html`<p class="notice bad">${basis.words}</p>`;
    const { state, status, catalogue } = basis;
    if (!mayBeDecided(status)) return html`<p class="notice">${consent.offMode}</p>`;
    const steps = state.consent === null ? consent.steps : state.consent.verdict === "granted" ? consent.stepsGranted : consent.stepsDenied;
    const period = consent.period(formatSpan(basis.periodSeconds));
    return html`
      <p>${steps}</p>
      <p class="break">${status.endpoint === null ? consent.whoNowhere(period) : consent.who(status.endpoint, period)} ${consent.revoke}</p>
      ${questionOf(this._basis) === "again" ? html`
        <candor-new-fields .ids=${state.newFields} .gone=${state.gone} .catalogue=${catalogue}></candor-new-fields>`
        : this._changes ? html`
        <candor-new-fields since-look .ids=${this._changes.newFields} .gone=${this._changes.gone} .catalogue=${catalogue}></candor-new-fields>` : nothing}
      <section aria-labelledby="report"><h3 id="report">${consent.preview}</h3>${this.#preview()}</section>
      <section aria-labelledby="withhold"><h3 id="withhold">${consent.withhold}</h3>
        <p class="quiet">${consent.withholdIntro}</p>
        <candor-withholding .catalogue=${catalogue} .fixed=${basis.withheldByConfiguration}
          .withheld=${this._withheld} @withheld=${this.#withhold}></candor-withholding></section>
      <candor-consent-words .catalogue=${catalogue} .customer=${status.customerId !== null}></candor-consent-words>
    `;
  }

  #preview(): TemplateResult {
    const { consent, app } = this.t;
    const look = this._look;
    if (look === undefined) return html`<p class="quiet">${app.loading}</p>`;
    if (look instanceof ProblemError) {
      return html`<div class="notice bad"><p>${consent.previewFailed} ${look.words}</p>
        <ul lang="en">${look.errors.map(({ pointer, detail }) => html`<li class="break">${pointer} ${detail}</li>`)}</ul>
        <button @click=${() => this.#renew(0)}>${this.t.common.retry}</button></div>`;
    }
    return html`
      <candor-report-preview no-verify .sources=${look.sources} @candor-seen=${() => this.#sawIt("scrolled")}
        @candor-downloaded=${() => this.#sawIt("downloaded")} @candor-compared=${this.#compared}
        @candor-reference-needed=${() => void this.#giveReference(look)}></candor-report-preview>
      <p role="status" class="quiet">${this._renewing ? consent.renewing : ""}</p>
    `;
  }

  #buttons(): TemplateResult {
    const { consent } = this.t;
    const basis = this._basis;
    const ready = basis !== undefined && !(basis instanceof ProblemError) && mayBeDecided(basis.status);
    const question = questionOf(this._basis);
    const look = this._look;
    const isSame = look !== undefined && !(look instanceof ProblemError) && this._same === look.report.digest;
    const mayGrant = ready && this._looked !== undefined && !this._renewing && isSame;
    const grant = { first: consent.grant, again: consent.grantNew, change: consent.grantChange }[question];
    const isDenied = ready && basis.state.consent?.verdict === "denied";
    return html`
      <footer>
        ${ready ? html`
          <div class="looked" id="looked">
            ${this._looked === undefined || this._looked === "stated" ? html`
              <label><input type="checkbox" id="stated" .checked=${this._looked === "stated"} @change=${this.#state}> ${consent.looked}</label>` : nothing}
            <span class="quiet small">${this._looked === undefined ? consent.lookFirst : consent.seen[this._looked]}</span>
          </div>` : nothing}
        <div class="decide">
          ${ready ? html`
            <button id="grant" aria-disabled=${!mayGrant} aria-describedby="looked" @click=${() => mayGrant ? this.#decide("granted") : this.#pointAtLook()}>${grant}</button>
            ${question === "again" && this.#mayDoWithoutNew(basis) ? html`
              <button id="grant-old" @click=${() => this.#grantOld(basis)}>${consent.grantOld}</button>` : nothing}
            ${isDenied ? nothing : html`<button id="deny" @click=${() => this.#decide("denied")}>${consent.deny}</button>`}` : nothing}
          <button id="later" @click=${this.#later}>${question === "change" || isDenied ? consent.keep : consent.later}</button>
        </div>
      </footer>
    `;
  }

  #undelivered(untitled = false): TemplateResult {
    return html`<candor-undelivered ?untitled=${untitled} .decision=${this._decision} .sending=${this._stage === "sending"}
      .trouble=${this._notice || !untitled ? "none" : this.connection?.trouble ?? "none"}
      @again=${() => void this.#deliver()} @look=${this.#lookAgain} @drop=${this.#drop}></candor-undelivered>`;
  }

  #done(): TemplateResult {
    const { consent } = this.t;
    const decision = this._decision;
    const words = decision?.verdict === "denied" ? consent.doneDenied : decision?.digest ? consent.doneGranted : consent.doneGrantedUnseen;
    return html`<p class="notice good" role="status">${words}</p>`;
  }

  /** After an ended session: what was frozen for it is gone, the choice is not. */
  async #goOn(): Promise<void> {
    this._look = undefined;
    await this.updateComplete;
    this.#show();
    await this.#readBasis(false);
  }

  async #openIfAsked(): Promise<void> {
    const answer = await this.ask((api) => api.consent());
    if (answer instanceof ProblemError || !answer.value.asks) return;
    if (this._stage === "closed" && this.isSuperuser && !wasPutOff()) await this.open();
  }

  /** `afresh`: what is withheld begins with what stands. */
  async #readBasis(afresh: boolean): Promise<void> {
    const basis = await this.ask(readBasis);
    this._basis = basis;
    if (basis instanceof ProblemError) return;
    if (afresh) this._withheld = basis.state.consent?.verdict === "granted" ? basis.state.consent.withheld : [];
    if (mayBeDecided(basis.status)) this.#renew(0);
  }

  #renew(pause?: number): void {
    this._renewing = true;
    this.#looker.look(this._withheld, (question) => this.ask(question), (look) => {
      this._renewing = false;
      this._look = look;
    }, pause);
  }

  #withhold(event: Event): void {
    this._withheld = (event.target as CandorWithholding).withheld;
    this.#renew();
  }

  #sawIt(how: Looked): void {
    this._looked ??= how;
  }

  #state(event: Event): void {
    this._looked = (event.target as HTMLInputElement).checked ? "stated" : undefined;
  }

  #pointAtLook(): void {
    this.renderRoot.querySelector<HTMLElement>("#stated")?.focus();
  }

  /** Only what the core in this browser built, and the server says it would seal, can be agreed to. */
  #compared({ detail }: PreviewEvents["candor-compared"]): void {
    const { state } = detail.comparison;
    this._same = state === "identical" || state === "unchanged" ? detail.digest : undefined;
  }

  /** Where what was built differs, the server's bytes show where. */
  async #giveReference(look: Look): Promise<void> {
    const reference = await this.ask((api) => api.previewBytes(look.report.digest));
    if (reference instanceof ProblemError || this._look !== look) return;
    this._look = { ...look, sources: look.sources.map((source) => ({ ...source, reference })) };
  }

  #mayDoWithoutNew({ state, catalogue }: Basis): boolean {
    return state.newFields.every((id) => describe(catalogue, id)?.mayWithhold === true);
  }

  #grantOld(basis: Basis): void {
    const withheld = [...new Set([...(basis.state.consent?.withheld ?? []), ...basis.state.newFields])];
    this.#decide("granted", withheld, null);
  }

  #decide(verdict: Decision["verdict"], withheld = this._withheld, digest?: string | null): void {
    const { _basis: basis, _look: look } = this;
    const who = this.connection?.session?.user;
    if (basis === undefined || basis instanceof ProblemError || who == null) return;
    const seen = look === undefined || look instanceof ProblemError ? null : look.report.digest;
    this._decision = {
      verdict, withheld: verdict === "denied" ? [] : withheld,
      digest: verdict === "denied" ? null : digest === undefined ? seen : digest,
      etag: basis.etag, who, madeMs: Date.now(),
    };
    keepDecision(this._decision);
    void this.#deliver();
  }

  async #deliver(): Promise<void> {
    const decision = this._decision;
    if (decision === undefined || this._stage === "sending") return;
    this._stage = "sending";
    this._notice = "";
    const decide = () => this.ask((api) => api.decide(bodyOf(decision), decision.etag));
    let answer = await decide();
    // Signed in once more in another tab, only the token is an old one.
    if (answer instanceof ProblemError && answer.status === 403 && await this.#isStillSuperuser(decision)) answer = await decide();
    if (this._decision !== decision) return;
    if (answer instanceof ProblemError) await this.#refused(decision, answer);
    else this.#arrived();
  }

  async #isStillSuperuser({ who }: Decision): Promise<boolean> {
    const session = await this.connection?.readSession().catch(() => undefined);
    return session?.user === who && session.role === "superuser";
  }

  #arrived(): void {
    dropDecision();
    this._stage = "done";
    this.dispatchEvent(new Event("decided", { bubbles: true, composed: true }));
    void this.updateComplete.then(() => {
      this.#show();
      this.renderRoot.querySelector<HTMLElement>("footer button")?.focus();
    });
  }

  async #refused(decision: Decision, problem: ProblemError): Promise<void> {
    const { consent } = this.t;
    if (problem.status === 412) return this.#lost(decision);
    if (problem.status === 409 || problem.status === 422) {
      return this.#decideAgain(decision, conflictWords(problem, this.t), changesOf(problem));
    }
    this._stage = "undelivered";
    this._notice = problem.status === 403 && !this.isSuperuser ? consent.roleLost : problem.unreachable || problem.status === 401 ? "" : problem.words;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("dialog candor-undelivered")?.focus();
  }

  /** Somebody else was first; or it was this one, and only the answer got lost. */
  async #lost(decision: Decision): Promise<void> {
    const { consent } = this.t;
    const answer = await this.ask((api) => api.consent());
    if (answer instanceof ProblemError) {
      this._stage = "undelivered";
      return;
    }
    const record = answer.value.consent;
    if (isRecordOf(decision, record)) return this.#arrived();
    await this.#decideAgain(decision, record === null ? consent.lostNobody : consent.lost(decisionText(record, this.t)));
  }

  /** The choice is kept and the report made again; nothing is decided. */
  async #decideAgain(decision: Decision, notice: string, changes?: Changes): Promise<void> {
    dropDecision();
    this._changes = changes;
    this._decision = undefined;
    this._stage = "deciding";
    this._notice = notice;
    this._looked = undefined;
    if (decision.verdict === "granted") this._withheld = decision.withheld;
    await this.updateComplete;
    this.#show();
    this.renderRoot.querySelector(".body")?.scrollTo({ top: 0 });
    await this.#readBasis(false);
  }

  #offerAgain(decision: Decision): void {
    if (this._stage === "undelivered" || this._stage === "done") return;
    this._decision = decision;
    this.#chooser = decision.who;
    this._stage = "undelivered";
    void this.updateComplete.then(() => this.#show());
  }

  #lookAgain(): void {
    const decision = this._decision;
    if (decision === undefined || this._stage === "sending") return;
    void this.#decideAgain(decision, "");
  }

  #drop(): void {
    if (this._stage === "sending") return;
    dropDecision();
    this._decision = undefined;
    this.#close();
    this._stage = "closed";
  }

  /** The choice stays in memory: whoever signs in again goes on where they were. */
  #signedOut(): void {
    forgetLater();
    if (this.#dialog?.open) this.#dialog.close();
  }

  /** Somebody else signed in: nobody is shown, or delivers, another one's choice. It stays in the tab's storage. */
  #forget(): void {
    this.#chooser = undefined;
    this._decision = undefined;
    this._basis = undefined;
    this._look = undefined;
    this._looked = undefined;
    this._withheld = [];
    this._notice = "";
    this._changes = undefined;
    this.#close();
    this._stage = "closed";
  }

  #later(): void {
    putOff();
    this._stage = "closed";
    this.#close();
  }

  #cancelled(event: Event): void {
    if (event.target !== event.currentTarget) return;
    if (this._stage === "deciding") putOff();
  }

  #closed(event: Event): void {
    if (event.target !== event.currentTarget) return;
    const signedIn = this.connection?.session?.user != null;
    // Undelivered, it stays on the page; signed out, it waits for its owner.
    if (this._stage === "done" || (this._stage === "deciding" && signedIn)) this._stage = "closed";
    this.#looker.stop();
    this.requestUpdate();
  }

  #show(): void {
    const dialog = this.#dialog;
    if (dialog === null || dialog.open || !this.isConnected || this.connection?.session?.user == null) return;
    dialog.showModal();
    this.requestUpdate();
    this.renderRoot.querySelector<HTMLElement>("#title")?.focus();
  }

  #close(): void {
    this.#dialog?.close();
  }
}

define("candor-consent", CandorConsent);

declare global {
  interface HTMLElementTagNameMap {
    "candor-consent": CandorConsent;
  }
}
