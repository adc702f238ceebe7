/** What the server's API says and takes. Times are Unix milliseconds; null is what does not exist. */

import type { ReceiptVerdict } from "../core/receipts.js";

export type Role = "viewer" | "superuser";

export interface Session {
  readonly user: string | null;
  readonly role: Role | null;
  readonly via: "account" | "proxy" | "host" | "basic" | null;
  readonly csrf: string | null;
  readonly needsSetup: boolean;
  readonly idleMs: number;
  readonly expiresMs: number | null;
  readonly version: string;
  readonly reason: "expired" | "revoked" | null;
}

export type Fate = "sealed" | "attempted" | "accepted" | "rejected" | "dissolved" | "withdrawn";

/** A report's record, without its bytes. */
export interface ReportRecord {
  readonly id: string;
  readonly kind: string;
  readonly fate: Fate;
  readonly digest: string;
  readonly bytes: number;
  readonly sealedMs: number | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly changedMs: number | null;
  readonly attempts: number;
  readonly mayHaveArrived: boolean;
  readonly consentSeq: number;
  readonly status: number | null;
  readonly receipt: string | null;
  /** What the page finds when it checks the receipt; the server says nothing of it. */
  readonly verdict?: ReceiptVerdict | undefined;
  readonly lastError: string | null;
}

export interface ScopeEntry {
  readonly id: string;
  readonly detail: string;
}

export interface ConsentRecord {
  readonly verdict: "granted" | "denied";
  readonly catalogue: string;
  readonly scopeDigest: string;
  readonly scope: readonly ScopeEntry[];
  readonly withheld: readonly string[];
  readonly who: string;
  readonly whenMs: number;
  readonly through: string;
  readonly reportDigest?: string;
}

export interface Status {
  readonly mode: "disabled" | "download" | "online";
  readonly installation: string | null;
  readonly action: string;
  readonly asks: boolean;
  readonly nextMs: number | null;
  readonly reasons: readonly { readonly rule: string; readonly text: string }[];
  readonly consent: ConsentRecord | null;
  readonly newFields: readonly string[];
  readonly pending: ReportRecord | null;
  readonly last: ReportRecord | null;
  readonly lastAcceptedMs: number | null;
  readonly failures: number;
  readonly initialReport: string | null;
  readonly endpoint: string | null;
  readonly proxy: string | null;
  readonly caFile: string | null;
  readonly clientCertificateFile: string | null;
  readonly customerId: string | null;
  readonly installationId: string | null;
  readonly catalogue: string;
  readonly consentSeq: number;
}

export interface ConsentState {
  readonly seq: number;
  readonly consent: ConsentRecord | null;
  readonly asks: boolean;
  readonly newFields: readonly string[];
  readonly gone: readonly string[];
}

export type Decision =
  | { readonly verdict: "granted"; readonly withheld: readonly string[]; readonly digest?: string; readonly unseen?: true }
  | { readonly verdict: "denied" };

export interface CatalogueAnswer {
  readonly profile: string;
  readonly withheldByConfiguration: readonly string[];
  readonly catalogue: import("../core/catalogue.js").Catalogue;
}

export interface Component {
  readonly release: string;
  readonly namespace: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly health: string;
  readonly metrics: string;
  /** Thousandths of one processor. */
  readonly cpu: number | null;
  readonly memoryUsed: number | null;
  readonly memoryMost: number | null;
  readonly tookMs: number | null;
  readonly problems: readonly { readonly what: string; readonly why: string }[];
}

export interface Components {
  readonly collectedAt: number;
  readonly components: readonly Component[];
}

export interface Account {
  readonly name: string;
  readonly role: Role;
  readonly createdMs: number;
  readonly lastMs: number | null;
}

export interface AuditEntry {
  readonly seq: number;
  readonly atMs: number;
  readonly who: string;
  readonly what: string;
  /** Such as {"name", "role"}. */
  readonly old: Readonly<Record<string, unknown>> | null;
  readonly new: Readonly<Record<string, unknown>> | null;
  readonly from: string;
}
