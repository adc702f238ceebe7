/**
 * The way of a decision, without the screen: what it is about, the choice, its delivery, and what
 * becomes of it when the server, the session, the role or the field set goes away meanwhile.
 */

import type { ApiClient } from "../api/client.js";
import { ProblemError } from "../api/problem.js";
import type { Session } from "../api/types.js";
import type { PreviewEvents } from "../preview/source.js";
import { texts } from "../text/index.js";
import { type Basis, type Changes, changesOf, conflictWords, readBasis } from "./basis.js";
import {
  bodyOf, type Decision, decisionText, dropDecision, isRecordOf, keepDecision, undeliveredDecision,
} from "./decision.js";
import { mayBeDecided } from "./headline.js";
import { forgetLater, putOff, wasPutOff } from "./later.js";
import { type Look, Looker } from "./look.js";

export type Stage = "closed" | "deciding" | "sending" | "undelivered" | "done";
export type Looked = "scrolled" | "downloaded" | "stated";

/** The dialog that shows it, and the server behind that. */
export interface Screen {
  readonly session: Session | undefined;
  readonly isOpen: boolean;
  /** As PageElement.ask. */
  ask<T>(question: (api: ApiClient) => Promise<T>): Promise<T | ProblemError>;
  readSession(): Promise<Session | undefined>;
  /** Something is to be drawn again. */
  changed(): void;
  /** Opens it, unless nobody is signed in, once everything is drawn. */
  show(): Promise<void>;
  close(): void;
  /** Once everything is drawn. */
  focus(selector: string): Promise<void>;
  /** The server has the decision. */
  decided(): void;
}

interface State {
  stage: Stage;
  /** What the decision is about, or why it cannot be read. */
  basis: Basis | ProblemError | undefined;
  look: Look | ProblemError | undefined;
  withheld: readonly string[];
  looked: Looked | undefined;
  notice: string;
  /** What came and went between the look and a decision that was refused for it. */
  changes: Changes | undefined;
  decision: Decision | undefined;
  renewing: boolean;
  /** The digest that the core and the server agree on. */
  same: string | undefined;
}

const UNTOUCHED: State = {
  stage: "closed", basis: undefined, look: undefined, withheld: [], looked: undefined, notice: "",
  changes: undefined, decision: undefined, renewing: false, same: undefined,
};

export class ConsentFlow {
  #now: Readonly<State> = UNTOUCHED;
  readonly #screen: Screen;
  readonly #looker = new Looker();
  /** Whose choice is on the screen: it survives an ended session. */
  #chooser: string | undefined;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  get now(): Readonly<State> {
    return this.#now;
  }

  /** Whether the report on the screen may be agreed to. */
  get mayGrant(): boolean {
    const { look, looked, renewing, same } = this.#now;
    return looked !== undefined && !renewing && look !== undefined && !(look instanceof ProblemError) && same === look.report.digest;
  }

  async open(): Promise<void> {
    const { stage } = this.#now;
    if (stage === "deciding" || stage === "sending") return;
    if (stage === "undelivered") return this.#screen.show();
    this.#chooser = this.#user;
    this.#set({ notice: "", changes: undefined, looked: undefined, look: undefined, stage: "deciding" });
    await this.#screen.show();
    await this.#readBasis(true);
  }

  /** Somebody signed in or out, or the status changed. */
  news(): void {
    const user = this.#user;
    if (user === undefined) return this.#signedOut();
    if (this.#chooser !== undefined && this.#chooser !== user) this.#forget();
    const { stage } = this.#now;
    const undelivered = undeliveredDecision(user);
    if (undelivered !== undefined && stage !== "sending") return this.#offerAgain(undelivered);
    if (this.#chooser === user && stage === "deciding") {
      if (!this.#screen.isOpen) void this.#goOn();
    } else if (this.#mayOpen) void this.#openIfAsked();
  }

  withhold(withheld: readonly string[]): void {
    this.#set({ withheld });
    this.renew();
  }

  /** The report is made again, after a pause or at once. */
  renew(pause?: number): void {
    this.#set({ renewing: true });
    this.#looker.look(this.#now.withheld, (question) => this.#screen.ask(question), (look) => this.#set({ renewing: false, look }), pause);
  }

  /** The first way of looking counts. */
  saw(how: Looked): void {
    this.#set({ looked: this.#now.looked ?? how });
  }

  state(looked: boolean): void {
    this.#set({ looked: looked ? "stated" : undefined });
  }

  /** Only what the core in this browser built, and the server says it would seal, can be agreed to. */
  compared({ comparison: { state }, digest }: PreviewEvents["candor-compared"]["detail"]): void {
    this.#set({ same: state === "identical" || state === "unchanged" ? digest : undefined });
  }

  /** Where what was built differs, the server's bytes show where. */
  async giveReference(): Promise<void> {
    const { look } = this.#now;
    if (look === undefined || look instanceof ProblemError) return;
    const reference = await this.#screen.ask((api) => api.previewBytes(look.report.digest));
    if (reference instanceof ProblemError || this.#now.look !== look) return;
    this.#set({ look: { ...look, sources: look.sources.map((source) => ({ ...source, reference })) } });
  }

  /** `seen`: whether it is about the report on the screen. */
  decide(verdict: Decision["verdict"], withheld = this.#now.withheld, seen = true): void {
    const { basis, look } = this.#now;
    const who = this.#user;
    if (basis === undefined || basis instanceof ProblemError || who === undefined) return;
    const isNo = verdict === "denied";
    const digest = isNo || !seen || look === undefined || look instanceof ProblemError ? null : look.report.digest;
    const decision = { verdict, withheld: isNo ? [] : withheld, digest, etag: basis.etag, who, madeMs: Date.now() };
    this.#set({ decision });
    keepDecision(decision);
    void this.deliver();
  }

  async deliver(): Promise<void> {
    const { decision, stage } = this.#now;
    if (decision === undefined || stage === "sending") return;
    this.#set({ stage: "sending", notice: "" });
    const decide = () => this.#screen.ask((api) => api.decide(bodyOf(decision), decision.etag));
    let answer = await decide();
    // Signed in once more in another tab, only the token is an old one.
    if (answer instanceof ProblemError && answer.status === 403 && await this.#isStillSuperuser(decision)) answer = await decide();
    if (this.#now.decision !== decision) return;
    if (answer instanceof ProblemError) await this.#refused(decision, answer);
    else this.#arrived();
  }

  lookAgain(): void {
    const { decision, stage } = this.#now;
    if (decision !== undefined && stage !== "sending") void this.#decideAgain(decision, "");
  }

  drop(): void {
    if (this.#now.stage === "sending") return;
    dropDecision();
    this.#screen.close();
    this.#set({ decision: undefined, stage: "closed" });
  }

  later(): void {
    putOff();
    this.#set({ stage: "closed" });
    this.#screen.close();
  }

  /** The dialog is closed, by whatever way; `escaped`: by the key. */
  closed(escaped = false): void {
    const { stage } = this.#now;
    if (escaped) {
      if (stage === "deciding") putOff();
      return;
    }
    // Undelivered, it stays on the page; signed out, it waits for its owner.
    if (stage === "done" || (stage === "deciding" && this.#user !== undefined)) this.#set({ stage: "closed" });
    this.stop();
    this.#screen.changed();
  }

  stop(): void {
    this.#looker.stop();
  }

  get #user(): string | undefined {
    return this.#screen.session?.user ?? undefined;
  }

  get #isSuperuser(): boolean {
    return this.#screen.session?.role === "superuser";
  }

  get #mayOpen(): boolean {
    return this.#now.stage === "closed" && this.#isSuperuser && !wasPutOff();
  }

  #set(change: Partial<State>): void {
    this.#now = { ...this.#now, ...change };
    this.#screen.changed();
  }

  async #openIfAsked(): Promise<void> {
    const answer = await this.#screen.ask((api) => api.consent());
    if (!(answer instanceof ProblemError) && answer.value.asks && this.#mayOpen) await this.open();
  }

  /** After an ended session: what was frozen for it is gone, the choice is not. */
  async #goOn(): Promise<void> {
    this.#set({ look: undefined });
    await this.#screen.show();
    await this.#readBasis(false);
  }

  /** `afresh`: what is withheld begins with what stands. */
  async #readBasis(afresh: boolean): Promise<void> {
    const basis = await this.#screen.ask(readBasis);
    this.#set({ basis });
    if (basis instanceof ProblemError) return;
    const { consent } = basis.state;
    if (afresh) this.#set({ withheld: consent?.verdict === "granted" ? consent.withheld : [] });
    if (mayBeDecided(basis.status)) this.renew(0);
  }

  async #isStillSuperuser({ who }: Decision): Promise<boolean> {
    const session = await this.#screen.readSession();
    return session?.user === who && session.role === "superuser";
  }

  #arrived(): void {
    dropDecision();
    this.#set({ stage: "done" });
    this.#screen.decided();
    void this.#screen.show().then(() => this.#screen.focus("footer button"));
  }

  async #refused(decision: Decision, problem: ProblemError): Promise<void> {
    const { status, unreachable, words } = problem;
    if (status === 412) return this.#lost(decision);
    if (status === 409 || status === 422) {
      return this.#decideAgain(decision, conflictWords(problem, texts()), changesOf(problem));
    }
    const notice = status === 403 && !this.#isSuperuser ? texts().consent.roleLost : unreachable || status === 401 ? "" : words;
    this.#set({ stage: "undelivered", notice });
    await this.#screen.focus("dialog candor-undelivered");
  }

  /** Somebody else was first; or it was this one, and only the answer got lost. */
  async #lost(decision: Decision): Promise<void> {
    const { consent } = texts();
    const answer = await this.#screen.ask((api) => api.consent());
    if (answer instanceof ProblemError) return this.#set({ stage: "undelivered" });
    const record = answer.value.consent;
    if (isRecordOf(decision, record)) return this.#arrived();
    await this.#decideAgain(decision, record === null ? consent.lostNobody : consent.lost(decisionText(record, texts())));
  }

  /** The choice is kept and the report made again; nothing is decided. */
  async #decideAgain({ verdict, withheld }: Decision, notice: string, changes?: Changes): Promise<void> {
    dropDecision();
    this.#set({
      changes, notice, decision: undefined, stage: "deciding", looked: undefined, ...(verdict === "granted" && { withheld }),
    });
    await this.#screen.show();
    await this.#screen.focus("#title");
    await this.#readBasis(false);
  }

  #offerAgain(decision: Decision): void {
    const { stage } = this.#now;
    if (stage === "undelivered" || stage === "done") return;
    this.#chooser = decision.who;
    this.#set({ decision, stage: "undelivered" });
    void this.#screen.show();
  }

  /** The choice stays in memory: whoever signs in again goes on where they were. */
  #signedOut(): void {
    forgetLater();
    this.#screen.close();
  }

  /** Somebody else signed in: nobody is shown, or delivers, another one's choice. It stays in the tab's storage. */
  #forget(): void {
    this.#chooser = undefined;
    this.stop();
    this.#screen.close();
    this.#set(UNTOUCHED);
  }
}
