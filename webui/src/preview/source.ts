/** What a preview is given and what it tells. */

import type { Input } from "@candor/core";

import type { Catalogue } from "../core/catalogue.js";

/** One of the reports that a preview can show. */
export interface PreviewSource {
  /** "now", "sealed" and "last" have names of their own. */
  readonly id: string;
  readonly label?: string;
  /** The bundle as it came; the core builds the report from it. */
  readonly bundle?: Uint8Array<ArrayBuffer>;
  /** Further scope ids to hold back while building from the bundle. */
  readonly withhold?: readonly string[];
  /** Or the inputs of the core's operation `report`. */
  readonly inputs?: readonly Input[];
  /** Or the report's very bytes. Without any, the preview asks by `candor-source-needed`. */
  readonly report?: Uint8Array<ArrayBuffer>;
  /** The SHA-256 it must have; a bundle brings its own. */
  readonly digest?: string;
  /** The server's bytes, for the place of a difference; asked for by `candor-reference-needed`. */
  readonly reference?: Uint8Array<ArrayBuffer>;
  /** What is said of a comparison instead, where the digest is not the server's. */
  readonly words?: Readonly<Partial<Record<ComparisonState, string>>>;
  /** There is no such report now. */
  readonly absent?: boolean;
  /** Else the bundle's. */
  readonly catalogue?: Catalogue;
}

export type ComparisonState = "building" | "identical" | "unchanged" | "differs" | "notComparable" | "refused";

export interface Comparison {
  readonly state: ComparisonState;
  /** The first differing byte, from 0, its line, from 0, and the pointer of its field. */
  readonly at?: number;
  readonly line?: number;
  readonly pointer?: string;
}

export interface PreviewEvents {
  /** The source has to be given bytes. */
  "candor-source-needed": CustomEvent<{ readonly id: string }>;
  /** What was built differs from `digest`: the bytes of that digest would show where. */
  "candor-reference-needed": CustomEvent<{ readonly id: string; readonly digest: string }>;
  "candor-compared": CustomEvent<{ readonly id: string; readonly digest: string; readonly comparison: Comparison }>;
  /** The reader came to the last line. */
  "candor-seen": CustomEvent<{ readonly id: string; readonly digest: string }>;
  "candor-downloaded": CustomEvent<{ readonly id: string; readonly digest: string }>;
}
