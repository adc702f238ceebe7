/** The rows of a comparison of two reports: what one has, what the other has, what both have. */

import type { SharedRuns } from "../core/line-diff.js";
import type { ReportText } from "../core/report-text.js";
import type { Row, RowModel } from "./row.js";

interface Block {
  readonly kind: "shared" | "removed" | "added" | "gap";
  /** The first line in the side it comes from; of a gap and of what is shared, in both. */
  readonly from: number;
  readonly to: number;
  readonly lines: number;
}

/** Shared lines shown around a difference; more than twice as many are folded away. */
const AROUND = 3;

export class DiffRows implements RowModel {
  readonly #from: ReportText;
  readonly #to: ReportText;
  readonly removed: number;
  readonly added: number;
  #blocks: Block[];
  #firsts: number[] = [];
  #count = 0;

  constructor(from: ReportText, to: ReportText, runs: SharedRuns) {
    this.#from = from;
    this.#to = to;
    const all = blocksOf(from.lines, to.lines, runs);
    const sum = (kind: Block["kind"]): number =>
      all.reduce((lines, block) => lines + (block.kind === kind ? block.lines : 0), 0);
    this.removed = sum("removed");
    this.added = sum("added");
    this.#blocks = all.flatMap((block, i) => withGap(block, i === 0, i === all.length - 1));
    this.#number();
  }

  get count(): number {
    return this.#count;
  }

  row(index: number): Row {
    const { block, offset } = this.#at(index);
    const from = block.from + offset;
    const to = block.to + offset;
    if (block.kind === "gap") {
      return { numbers: ["", ""], text: "", cut: 0, level: 1, expanded: false, folded: block.lines, mark: "gap", hits: [] };
    }
    const [text, line] = block.kind === "removed" ? [this.#from, from] : [this.#to, to];
    return {
      numbers: [block.kind === "added" ? "" : String(from + 1), block.kind === "removed" ? "" : String(to + 1)],
      text: text.text(line),
      cut: text.cut(line),
      level: text.depth(line) + 1,
      expanded: undefined,
      folded: 0,
      mark: block.kind === "shared" ? "" : block.kind,
      hits: [],
    };
  }

  place(index: number): { readonly text: ReportText; readonly line: number } {
    const { block, offset } = this.#at(index);
    return block.kind === "removed"
      ? { text: this.#from, line: block.from + offset }
      : { text: this.#to, line: block.to + offset };
  }

  /** Gaps alone hide something, and are shown for good. */
  fold(index: number): void {
    const { block } = this.#at(index);
    if (block.kind !== "gap") return;
    this.#blocks = this.#blocks.map((other) => (other === block ? { ...block, kind: "shared" } : other));
    this.#number();
  }

  outer(): number {
    return -1;
  }

  /** Each line behind its mark, without what gaps hide. */
  copied(from: number, to: number): string {
    const lines: string[] = [];
    for (let index = from; index <= to; index++) {
      const { mark, text } = this.row(index);
      if (mark !== "gap") lines.push(`${mark === "added" ? "+" : mark === "removed" ? "-" : " "}${text}`);
    }
    return lines.join("\n");
  }

  /** The next row after `index` (before it, backwards) at which a difference begins, or -1. */
  nextDifference(index: number, forward: boolean): number {
    const starts = this.#firsts.filter((_, i) => {
      const isDifference = (block: Block | undefined): boolean => block?.kind === "added" || block?.kind === "removed";
      return isDifference(this.#blocks[i]) && !isDifference(this.#blocks[i - 1]);
    });
    return (forward ? starts.find((row) => row > index) : starts.findLast((row) => row < index)) ?? -1;
  }

  #number(): void {
    let row = 0;
    this.#firsts = this.#blocks.map((block) => {
      const first = row;
      row += block.kind === "gap" ? 1 : block.lines;
      return first;
    });
    this.#count = row;
  }

  #at(index: number): { block: Block; offset: number } {
    let low = 0;
    let high = this.#firsts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#firsts[middle] ?? 0) <= index) low = middle;
      else high = middle;
    }
    const block = this.#blocks[low];
    if (block === undefined) throw new RangeError(`there is no row ${index}`);
    return { block, offset: index - (this.#firsts[low] ?? 0) };
  }
}

function blocksOf(fromLines: number, toLines: number, runs: SharedRuns): Block[] {
  const blocks: Block[] = [];
  const add = (kind: Block["kind"], from: number, to: number, lines: number): void => {
    if (lines > 0) blocks.push({ kind, from, to, lines });
  };
  let from = 0;
  let to = 0;
  for (let i = 0; i <= runs.length; i += 3) {
    const nextFrom = runs[i] ?? fromLines;
    const nextTo = runs[i + 1] ?? toLines;
    const lines = runs[i + 2] ?? 0;
    add("removed", from, to, nextFrom - from);
    add("added", nextFrom, to, nextTo - to);
    add("shared", nextFrom, nextTo, lines);
    from = nextFrom + lines;
    to = nextTo + lines;
  }
  return blocks;
}

function withGap(block: Block, first: boolean, last: boolean): Block[] {
  const before = first ? 0 : AROUND;
  const after = last ? 0 : AROUND;
  const middle = block.lines - before - after;
  if (block.kind !== "shared" || middle <= 1 || (first && last)) return [block];
  const part = (kind: Block["kind"], skip: number, lines: number): Block[] =>
    lines > 0 ? [{ kind, from: block.from + skip, to: block.to + skip, lines }] : [];
  return [...part("shared", 0, before), ...part("gap", before, middle), ...part("shared", before + middle, after)];
}
