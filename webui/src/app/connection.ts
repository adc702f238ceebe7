/**
 * What the elements of a page share of one server: who is signed in, whether it answers, and what
 * changed. There is one for each ApiClient, see connectionOf().
 */

import type { ApiClient } from "../api/client.js";
import { type Change, watch } from "../api/events.js";
import { ProblemError } from "../api/problem.js";
import type { Session } from "../api/types.js";

/** "unavailable": it answers that it cannot read its state, as it does while it starts. */
export type Trouble = "none" | "slow" | "unreachable" | "unavailable";

/** "trouble": `trouble` or `retryAtMs` changed; "signed": `session` changed. */
export type News = Change | "trouble" | "signed";

const SLOW_MS = 4000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const HEIR_MS = 500;

export class Connection {
  trouble: Trouble = "none";
  /** When the server is asked again by itself; nothing while it answers. */
  retryAtMs: number | undefined;
  session: Session | undefined;

  readonly #api: ApiClient;
  readonly #listeners = new Set<(news: News) => void>();
  #slow = new Set<symbol>();
  #wait = FIRST_WAIT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unwatch: (() => void) | undefined;
  #asking: Promise<Session> | undefined;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** Until the function returned is called. Live changes arrive as long as somebody listens. */
  subscribe(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    this.#watchIfUseful();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  /**
   * Asks something, and learns from the answer how the server is. Rejects as `ask` does. `calm`: a
   * 503 belongs to what was asked, and says nothing of the server.
   */
  async call<T>(ask: () => Promise<T>, calm = false): Promise<T> {
    const mark = Symbol();
    const timer = setTimeout(() => {
      this.#slow.add(mark);
      if (this.trouble === "none") this.#is("slow");
    }, SLOW_MS);
    try {
      const answer = await ask();
      this.#answered();
      return answer;
    } catch (error) {
      this.#failed(error, calm);
      throw error;
    } finally {
      clearTimeout(timer);
      if (this.#slow.delete(mark) && this.#slow.size === 0 && this.trouble === "slow") this.#is("none");
    }
  }

  /** Reads who is signed in; at most one question at a time. */
  readSession(): Promise<Session> {
    this.#asking ??= this.#askWhoIsThere()
      .then((session) => this.signed(session))
      .finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** A session that ended because its user signed in once more, in another tab, has its heir in a moment. */
  async #askWhoIsThere(): Promise<Session> {
    const session = await this.call(this.#api.session);
    if (session.user !== null || this.session?.user == null) return session;
    await new Promise((resolve) => setTimeout(resolve, HEIR_MS));
    return this.call(this.#api.session);
  }

  /** Somebody signed in or out: for the answers that say so. */
  signed(session: Session): Session {
    const before = this.session;
    this.session = session;
    if (session.user === null) this.#stop();
    else this.#watchIfUseful();
    if (before?.user !== session.user || before?.role !== session.role || before?.reason !== session.reason) {
      this.#tell("signed");
    }
    return session;
  }

  retryNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.readSession().catch(() => undefined);
  }

  #answered(): void {
    this.#wait = FIRST_WAIT_MS;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.retryAtMs = undefined;
    if (this.trouble !== "unreachable" && this.trouble !== "unavailable") return;
    this.#is("none");
    for (const what of ["session", "status", "components"] as const) this.#changed(what);
  }

  #failed(error: unknown, calm: boolean): void {
    if (!(error instanceof ProblemError)) return;
    if (error.status === 401) void this.readSession().catch(() => undefined);
    // The role may have been taken away between the look and the click.
    if (error.status === 403 && this.session !== undefined) void this.readSession().catch(() => undefined);
    if (!error.unreachable && (calm || error.status !== 503)) return this.#answered();
    if (this.#timer === undefined) {
      const asked = (error.retryAfterSeconds ?? 0) * 1000;
      const wait = Math.min(Math.max(asked, this.#wait * (0.75 + Math.random() / 4)), LONGEST_WAIT_MS);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
      this.retryAtMs = Date.now() + wait;
      this.#timer = setTimeout(() => this.retryNow(), wait);
    }
    this.#is(error.unreachable ? "unreachable" : "unavailable");
  }

  #is(trouble: Trouble): void {
    this.trouble = trouble;
    this.#tell("trouble");
  }

  #watchIfUseful(): void {
    if (this.#unwatch !== undefined || this.#listeners.size === 0 || !this.session?.user) return;
    this.#unwatch = watch(this.#api.address("events"), {
      changed: (what) => this.#changed(what),
      // A stream that breaks off says nothing about why: ask.
      heard: (hears) => void (!hears && this.readSession().catch(() => undefined)),
    });
  }

  #stop(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    if (this.#listeners.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #changed(what: Change): void {
    if (what === "session") void this.readSession().catch(() => undefined);
    this.#tell(what);
  }

  #tell(news: News): void {
    for (const listener of [...this.#listeners]) listener(news);
  }
}

const connections = new WeakMap<ApiClient, Connection>();

export function connectionOf(api: ApiClient): Connection {
  const known = connections.get(api);
  if (known !== undefined) return known;
  const made = new Connection(api);
  connections.set(api, made);
  return made;
}
