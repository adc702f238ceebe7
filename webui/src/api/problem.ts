/** Refusals of the server as typed errors: RFC 9457 problem documents. */

import { texts } from "../text/index.js";
import { said } from "../text/said.js";

export interface ProblemDetail {
  /** A JSON pointer into what was sent; "" for all of it. */
  readonly pointer: string;
  readonly detail: string;
  readonly name?: string;
  readonly line?: number;
  readonly column?: number;
}

interface ProblemDocument {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly ProblemDetail[];
  readonly suppressed?: number;
  readonly reason?: string;
  readonly newFields?: readonly string[];
  readonly gone?: readonly string[];
}

export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: ProblemDocument;

  constructor(
    /** 0: no answer came. */
    readonly status: number,
    problem: ProblemDocument,
    readonly retryAfterSeconds?: number,
  ) {
    super(problem.detail ?? problem.title ?? String(status));
    this.problem = problem;
  }

  get unreachable(): boolean {
    return this.status === 0;
  }

  /** "expired", "fields-changed" and so on: what a page reacts to. */
  get reason(): string | undefined {
    return this.problem.reason;
  }

  get errors(): readonly ProblemDetail[] {
    return this.problem.errors ?? [];
  }

  /** For people, in the language chosen where the page has words for it. */
  get words(): string {
    const { api } = texts();
    if (this.unreachable) return api.unreachable;
    if (this.status === 401 && (this.reason === "expired" || this.reason === "revoked")) return api.ended[this.reason];
    if (this.status === 429 && this.retryAfterSeconds !== undefined) return api.tooMany(this.retryAfterSeconds);
    const { detail, title } = this.problem;
    return (detail && said(detail)) ?? detail ?? title ?? api.unexpected(this.status);
  }
}

/** What an answer of a status beyond 299 says. Never rejects. */
export async function readProblem(response: Response): Promise<ProblemError> {
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  let document: unknown;
  try {
    document = await response.json();
  } catch {
    // A proxy's page, or a torn answer.
  }
  const problem = typeof document === "object" && document !== null ? document : {};
  return new ProblemError(response.status, problem, Number.isFinite(seconds) ? seconds : undefined);
}
