/**
 * `<candor-consent>`: look, leave out, then decide. Opens by itself for superusers while the server
 * asks, and once in a tab until the next sign-in; otherwise by open(). A decision that did not reach
 * the server stays on the screen, see app/decision.ts.
 */

import { html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import { type Basis, questionOf } from "../app/basis.js";
import type { News } from "../app/connection.js";
import { ConsentFlow, type Screen } from "../app/consent-flow.js";
import { mayBeDecided } from "../app/headline.js";
import { describe } from "../app/withholding.js";
import { consentStyles } from "../style/consent.js";
import { pageStyles } from "../style/page.js";
import type { PreviewEvents } from "../preview/source.js";
import { formatSpan } from "../text/format.js";
import { define } from "./candor-element.js";
import { PageElement } from "./page-element.js";
import type { CandorWithholding } from "./candor-withholding.js";
import "./candor-consent-words.js";
import "./candor-new-fields.js";
import "./candor-report-preview.js";
import "./candor-undelivered.js";
import "./candor-withholding.js";

export class CandorConsent extends PageElement {
  static override styles = [PageElement.styles, pageStyles, consentStyles];

  readonly #flow = new ConsentFlow(this.#screen());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#flow.stop();
  }

  /** Shows the dialog, for whoever wants to look again; the server decides who may decide. */
  open(): Promise<void> {
    return this.#flow.open();
  }

  /** Says no, as the button of the dialog does. */
  async deny(): Promise<void> {
    await this.open();
    if (this.#flow.now.stage === "deciding") this.#flow.decide("denied");
  }

  protected override changed(news: News): void {
    if (news === "signed" || news === "status") this.#flow.news();
  }

  override render(): TemplateResult {
    const { consent, common } = this.t;
    const { stage, notice } = this.#flow.now;
    return html`
      ${stage === "undelivered" && !this.#dialog?.open && this.connection?.session?.user != null ? html`
        ${notice ? html`<p role="alert" class="notice warn">${notice}</p>` : nothing}
        ${this.#undelivered()}` : nothing}
      <dialog class=${stage === "done" ? "done" : ""} aria-labelledby="title" @cancel=${this.#left} @close=${this.#left}>
        ${stage === "closed" ? nothing : html`
          <header><h2 id="title" tabindex="-1">${this.#title()}</h2></header>
          <div class="body" tabindex="0" role="group" aria-labelledby="title">
            <p role="alert" class=${notice ? "notice warn" : "unseen"}>${notice}</p>
            ${stage === "undelivered" || stage === "sending" ? this.#undelivered(true) : nothing}
            ${stage === "done" ? this.#done() : html`<div class="content" ?inert=${stage !== "deciding"}>${this.#body()}</div>`}
          </div>
          ${stage === "deciding" ? this.#buttons() : nothing}
          ${stage === "done" ? html`<footer><div class="decide"><button @click=${() => this.#dialog?.close()}>${common.close}</button></div></footer>` : nothing}
          ${stage === "sending" ? html`<footer><p role="status">${consent.sending}</p></footer>` : nothing}`}
      </dialog>
    `;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot?.querySelector?.("dialog") ?? null;
  }

  #title(): string {
    const { consent, telemetry } = this.t;
    const { stage, basis } = this.#flow.now;
    if (stage === "done") return telemetry.decision;
    return stage === "undelivered" ? consent.undelivered.title : consent.title[questionOf(basis)];
  }

  #body(): TemplateResult {
    const { consent, app } = this.t;
    const { basis, stage, changes, withheld } = this.#flow.now;
    if (basis === undefined) return html`<p ?hidden=${stage !== "deciding"}>${app.loading}</p>`;
    if (basis instanceof ProblemError) return html`<p class="notice bad">${basis.words}</p>`;
    const { state, status, catalogue } = basis;
    if (!mayBeDecided(status)) return html`<p class="notice">${consent.offMode}</p>`;
    const steps = state.consent === null ? consent.steps : state.consent.verdict === "granted" ? consent.stepsGranted : consent.stepsDenied;
    const period = consent.period(formatSpan(basis.periodSeconds));
    return html`
      <p>${steps}</p>
      <p class="break">${status.endpoint === null ? consent.whoNowhere(period) : consent.who(status.endpoint, period)} ${consent.revoke}</p>
      ${questionOf(basis) === "again" ? html`
        <candor-new-fields .ids=${state.newFields} .gone=${state.gone} .catalogue=${catalogue}></candor-new-fields>`
        : changes ? html`
        <candor-new-fields since-look .ids=${changes.newFields} .gone=${changes.gone} .catalogue=${catalogue}></candor-new-fields>` : nothing}
      <section aria-labelledby="report"><h3 id="report">${consent.preview}</h3>${this.#preview()}</section>
      <section aria-labelledby="withhold"><h3 id="withhold">${consent.withhold}</h3>
        <p class="quiet">${consent.withholdIntro}</p>
        <candor-withholding .catalogue=${catalogue} .fixed=${basis.withheldByConfiguration}
          .withheld=${withheld} @withheld=${this.#withhold}></candor-withholding></section>
      <candor-consent-words .catalogue=${catalogue} .customer=${status.customerId !== null}></candor-consent-words>
    `;
  }

  #preview(): TemplateResult {
    const { consent, app } = this.t;
    const { look, renewing } = this.#flow.now;
    if (look === undefined) return html`<p class="quiet">${app.loading}</p>`;
    if (look instanceof ProblemError) {
      return html`<div class="notice bad"><p>${consent.previewFailed} ${look.errors.length > 0 ? "" : look.words}</p>
        <ul lang="en">${look.errors.map(({ pointer, detail }) => html`<li class="break">${pointer} ${detail}</li>`)}</ul>
        <button @click=${() => this.#flow.renew(0)}>${this.t.common.retry}</button></div>`;
    }
    return html`
      <candor-report-preview no-verify .sources=${look.sources} @candor-seen=${() => this.#flow.saw("scrolled")}
        @candor-downloaded=${() => this.#flow.saw("downloaded")} @candor-compared=${this.#compared}
        @candor-reference-needed=${() => void this.#flow.giveReference()}></candor-report-preview>
      <p role="status" class="quiet">${renewing ? consent.renewing : ""}</p>
    `;
  }

  #buttons(): TemplateResult {
    const { consent } = this.t;
    const { basis, looked } = this.#flow.now;
    const ready = basis !== undefined && !(basis instanceof ProblemError) && mayBeDecided(basis.status);
    const question = questionOf(basis);
    const mayGrant = ready && this.#flow.mayGrant;
    const grant = { first: consent.grant, again: consent.grantNew, change: consent.grantChange }[question];
    const isDenied = ready && basis.state.consent?.verdict === "denied";
    return html`
      <footer>
        ${ready ? html`
          <div class="looked" id="looked">
            ${looked === undefined || looked === "stated" ? html`
              <label><input type="checkbox" id="stated" .checked=${looked === "stated"} @change=${this.#state}> ${consent.looked}</label>` : nothing}
            <span class="quiet small">${looked === undefined ? consent.lookFirst : consent.seen[looked]}</span>
          </div>` : nothing}
        <div class="decide">
          ${ready ? html`
            <button id="grant" aria-disabled=${!mayGrant} aria-describedby="looked" @click=${() => mayGrant ? this.#flow.decide("granted") : this.#pointAtLook()}>${grant}</button>
            ${question === "again" && mayDoWithoutNew(basis) ? html`
              <button id="grant-old" @click=${() => this.#grantOld(basis)}>${consent.grantOld}</button>` : nothing}
            ${isDenied ? nothing : html`<button id="deny" @click=${() => this.#flow.decide("denied")}>${consent.deny}</button>`}` : nothing}
          <button id="later" @click=${() => this.#flow.later()}>${question === "change" || isDenied ? consent.keep : consent.later}</button>
        </div>
      </footer>
    `;
  }

  #undelivered(untitled = false): TemplateResult {
    const { decision, stage, notice } = this.#flow.now;
    return html`<candor-undelivered ?untitled=${untitled} .decision=${decision} .sending=${stage === "sending"}
      .trouble=${notice || !untitled ? "none" : this.connection?.trouble ?? "none"}
      @again=${() => void this.#flow.deliver()} @look=${() => this.#flow.lookAgain()} @drop=${() => this.#flow.drop()}></candor-undelivered>`;
  }

  #done(): TemplateResult {
    const { consent } = this.t;
    const { decision } = this.#flow.now;
    const words = decision?.verdict === "denied" ? consent.doneDenied : decision?.digest ? consent.doneGranted : consent.doneGrantedUnseen;
    return html`<p class="notice good" role="status">${words}</p>`;
  }

  /** What the flow sees and does of this element. */
  #screen(): Screen {
    const element = this;
    const find = (selector: string): HTMLElement | null => this.renderRoot.querySelector(selector);
    return {
      get session() {
        return element.connection?.session;
      },
      get isOpen() {
        return element.#dialog?.open ?? false;
      },
      ask: (question) => this.ask(question),
      readSession: async () => this.connection?.readSession().catch(() => undefined),
      changed: () => this.requestUpdate(),
      show: async () => {
        await this.updateComplete;
        find(".body")?.scrollTo({ top: 0 });
        const dialog = this.#dialog;
        if (dialog === null || dialog.open || !this.isConnected || this.connection?.session?.user == null) return;
        dialog.showModal();
        this.requestUpdate();
        find("#title")?.focus();
      },
      close: () => this.#dialog?.close(),
      focus: async (selector) => {
        await this.updateComplete;
        find(selector)?.focus();
      },
      decided: () => void this.dispatchEvent(new Event("decided", { bubbles: true, composed: true })),
    };
  }

  #grantOld({ state: { consent, newFields } }: Basis): void {
    this.#flow.decide("granted", [...new Set([...(consent?.withheld ?? []), ...newFields])], false);
  }

  #withhold(event: Event): void {
    this.#flow.withhold((event.target as CandorWithholding).withheld);
  }

  #compared({ detail }: PreviewEvents["candor-compared"]): void {
    this.#flow.compared(detail);
  }

  #state(event: Event): void {
    this.#flow.state((event.target as HTMLInputElement).checked);
  }

  #pointAtLook(): void {
    this.renderRoot.querySelector<HTMLElement>("#stated")?.focus();
  }

  #left(event: Event): void {
    if (event.target === event.currentTarget) this.#flow.closed(event.type === "cancel");
  }
}

function mayDoWithoutNew({ state, catalogue }: Basis): boolean {
  return state.newFields.every((id) => describe(catalogue, id)?.mayWithhold === true);
}

define("candor-consent", CandorConsent);

declare global {
  interface HTMLElementTagNameMap {
    "candor-consent": CandorConsent;
  }
}
