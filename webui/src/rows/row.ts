/** What a virtualised list of lines shows in one row, and where its rows come from. */

import type { ReportText } from "../core/report-text.js";

export interface Row {
  /** Line numbers as shown, from 1; a comparison has two columns of them. */
  readonly numbers: readonly string[];
  readonly text: string;
  /** How many bytes of the line are left out at its end. */
  readonly cut: number;
  /** How deep it lies, from 1. */
  readonly level: number;
  /** Whether what it opens is shown; undefined for rows that open nothing. */
  readonly expanded: boolean | undefined;
  /** How many lines are folded away behind it. */
  readonly folded: number;
  readonly mark: "" | "added" | "removed" | "gap";
  /** Where searched text is, in UTF-16 units of `text`: from, to. */
  readonly hits: readonly (readonly [number, number])[];
}

export interface RowModel {
  readonly count: number;
  row(index: number): Row;
  /** The line that a row stands for, and of which report. */
  place(index: number): { readonly text: ReportText; readonly line: number };
  /** Does nothing for rows that neither open nor hide anything. */
  fold(index: number, folded: boolean): void;
  /** The row of what a row lies in, or -1. */
  outer(index: number): number;
  /** Rows as text, the last one included; what is folded away is in it. */
  copied(from: number, to: number): string;
}
