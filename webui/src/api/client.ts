/**
 * The server's API, typed. Every method rejects with ProblemError: for refusals, and with status 0
 * when no answer came. Nothing is kept but the token that changes need.
 */

import { ProblemError, readProblem } from "./problem.js";
import type * as api from "./types.js";

export interface Answer<T> {
  readonly value: T;
  /** For If-Match. */
  readonly etag: string | null;
}

interface Sending {
  readonly method?: string;
  readonly body?: unknown;
  readonly etag?: string;
  readonly signal?: AbortSignal;
}

const PATIENCE_MS = 30_000;

export class ApiClient {
  readonly #base: URL;
  #csrf: string | null = null;

  /** `base` is where `api/v1/` lies; by default beside the page. */
  constructor(base: URL | string = document.baseURI) {
    this.#base = new URL("api/v1/", base);
  }

  /** The address of a route, such as for a link that downloads. */
  address(path: string): string {
    return new URL(path, this.#base).href;
  }

  session = (): Promise<api.Session> => this.#keepToken(this.#json("session"));
  signIn = (name: string, password: string): Promise<api.Session> =>
    this.#keepToken(this.#json("session", { method: "POST", body: { name, password } }));
  signOut = (): Promise<void> => this.#done("session", { method: "DELETE" });
  setUp = (token: string, name: string, password: string): Promise<api.Session> =>
    this.#keepToken(this.#json("setup", { method: "POST", body: { token, name, password } }));
  changePassword = (old: string, now: string): Promise<void> =>
    this.#done("password", { method: "PUT", body: { old, new: now } });

  status = (): Promise<api.Status> => this.#json("status");
  configuration = (): Promise<Record<string, unknown>> => this.#json("configuration");
  catalogue = (): Promise<api.CatalogueAnswer> => this.#json("catalogue");

  /** The bundle as it came: the core reads its exact text. */
  preview(as: "grant" | "now", withheld: readonly string[], signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes("preview", { method: "POST", body: { as, withheld }, ...(signal && { signal }) });
  }
  previewBytes = (digest: string): Promise<Uint8Array<ArrayBuffer>> => this.#bytes(`preview/${digest}`);

  consent = (): Promise<Answer<api.ConsentState>> => this.#answer("consent");
  decide = (decision: api.Decision, etag: string): Promise<Answer<api.ConsentState>> =>
    this.#answer("consent", { method: "PUT", body: decision, etag });

  components = (): Promise<api.Components> => this.#json("components");
  metrics(component?: string, sinceMs?: number): Promise<unknown> {
    const query = new URLSearchParams();
    if (component !== undefined) query.set("component", component);
    if (sinceMs !== undefined) query.set("since", String(sinceMs));
    return this.#json(`metrics?${query}`);
  }

  reports = async (limit = 100): Promise<readonly api.ReportRecord[]> =>
    (await this.#json<{ reports: api.ReportRecord[] }>(`reports?limit=${limit}`)).reports;
  reportBytes = (id: string): Promise<Uint8Array<ArrayBuffer>> =>
    this.#bytes(`reports/${encodeURIComponent(id)}/bytes`);
  withdraw = (id: string): Promise<void> =>
    this.#done(`reports/${encodeURIComponent(id)}/withdraw`, { method: "POST" });
  send = (): Promise<void> => this.#done("send", { method: "POST" });
  history = (): Promise<Uint8Array<ArrayBuffer>> => this.#bytes("history");

  audit = async (): Promise<readonly api.AuditEntry[]> =>
    (await this.#json<{ entries: api.AuditEntry[] }>("audit")).entries;
  accounts = async (): Promise<readonly api.Account[]> =>
    (await this.#json<{ accounts: api.Account[] }>("accounts")).accounts;
  addAccount = (name: string, role: api.Role, password: string): Promise<void> =>
    this.#done("accounts", { method: "POST", body: { name, role, password } });
  removeAccount = (name: string): Promise<void> =>
    this.#done(`accounts/${encodeURIComponent(name)}`, { method: "DELETE" });

  async #keepToken(asked: Promise<api.Session>): Promise<api.Session> {
    const session = await asked;
    this.#csrf = session.csrf;
    return session;
  }

  async #json<T>(path: string, sending?: Sending): Promise<T> {
    return (await this.#answer<T>(path, sending)).value;
  }

  async #answer<T>(path: string, sending?: Sending): Promise<Answer<T>> {
    const response = await this.#fetch(path, sending);
    const etag = response.headers.get("ETag");
    try {
      return { value: (await response.json()) as T, etag };
    } catch {
      throw new ProblemError(0, {});
    }
  }

  async #bytes(path: string, sending?: Sending): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.#fetch(path, sending);
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch {
      throw new ProblemError(0, {});
    }
  }

  async #done(path: string, sending?: Sending): Promise<void> {
    await this.#fetch(path, sending);
  }

  async #fetch(path: string, { method = "GET", body, etag, signal }: Sending = {}): Promise<Response> {
    const headers = new Headers({ Accept: "application/json" });
    if (method !== "GET" && this.#csrf !== null) headers.set("X-Candor-Token", this.#csrf);
    if (body !== undefined) headers.set("Content-Type", "application/json");
    if (etag !== undefined) headers.set("If-Match", etag);
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const init: RequestInit = {
      method, headers, credentials: "same-origin", cache: "no-store", redirect: "error",
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    };
    if (body !== undefined) init.body = JSON.stringify(body);
    let response: Response;
    try {
      response = await fetch(this.address(path), init);
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ProblemError(0, {});
    }
    if (!response.ok) throw await readProblem(response);
    return response;
  }
}
