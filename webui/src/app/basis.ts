/** What a decision is about: the state of the consent, and all that explains it. */

import type { ApiClient } from "../api/client.js";
import type { ProblemError } from "../api/problem.js";
import type { ConsentState, Status } from "../api/types.js";
import { type Catalogue, ofProfile } from "../core/catalogue.js";
import type { Texts } from "../text/index.js";

export interface Basis {
  readonly state: ConsentState;
  /** What the decision will be made upon. */
  readonly etag: string;
  readonly status: Status;
  /** As its profile sends it. */
  readonly catalogue: Catalogue;
  readonly withheldByConfiguration: readonly string[];
  readonly periodSeconds: number;
}

export async function readBasis(api: ApiClient): Promise<Basis> {
  const [{ value: state, etag }, status, { catalogue, profile, withheldByConfiguration }, configuration] =
    await Promise.all([api.consent(), api.status(), api.catalogue(), api.configuration()]);
  return {
    state, etag: etag ?? "", status, catalogue: ofProfile(catalogue, profile), withheldByConfiguration,
    periodSeconds: Number(configuration["reportingPeriodSeconds"]),
  };
}

/** "first": nobody agreed; "again": new fields came under a yes. */
export function questionOf(basis: Basis | ProblemError | undefined): "first" | "again" | "change" {
  if (basis === undefined || !("state" in basis) || basis.state.consent?.verdict !== "granted") return "first";
  return basis.state.newFields.length > 0 ? "again" : "change";
}

/** Scope ids that a report may hold now, or no longer. */
export interface Changes {
  readonly newFields: readonly string[];
  readonly gone: readonly string[];
}

/** What changed since the look, where a decision is refused for that. */
export function changesOf({ problem: { newFields = [], gone = [] } }: ProblemError): Changes | undefined {
  return newFields.length + gone.length > 0 ? { newFields, gone } : undefined;
}

/** Why a decision is to be looked at again, for people. */
export function conflictWords(problem: ProblemError, { consent }: Texts): string {
  const { newFields = [], gone = [] } = problem.problem;
  switch (problem.reason) {
    case "fields-changed":
      return consent.fieldsChanged(newFields.length, gone.length);
    case "report-changed":
      return consent.reportChanged;
    case "off":
      return consent.off(problem.words);
    default:
      return problem.words;
  }
}
