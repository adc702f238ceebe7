/** The rows of one report, of which objects and arrays can be folded away. */

import type { ReportText } from "../core/report-text.js";
import type { Found } from "../core/search.js";
import type { Row, RowModel } from "./row.js";

export class FoldRows implements RowModel {
  readonly text: ReportText;
  readonly #folded = new Set<number>();
  /** Of the outermost folded lines, rising, and the lines hidden before and up to each. */
  #opens = new Int32Array(0);
  #hidden = new Int32Array(1);
  found: Found | undefined;

  constructor(text: ReportText) {
    this.text = text;
  }

  get count(): number {
    return this.text.lines - (this.#hidden[this.#opens.length] ?? 0);
  }

  row(index: number): Row {
    const line = this.lineOf(index);
    const end = this.text.end(line);
    const expanded = end === 0 ? undefined : !this.#folded.has(line);
    const text = this.text.text(line);
    return {
      numbers: [String(line + 1)],
      text: expanded === false ? `${text} … ${this.text.text(end).trimStart()}` : text,
      cut: this.text.cut(line),
      level: this.text.depth(line) + 1,
      expanded,
      folded: expanded === false ? end - line : 0,
      mark: "",
      hits: this.#hitsIn(line),
    };
  }

  lineOf(index: number): number {
    const fold = this.#lastFold((i) => (this.#opens[i] ?? 0) - (this.#hidden[i] ?? 0) < index);
    return index + (this.#hidden[fold + 1] ?? 0);
  }

  /** The row that shows a line, or the row behind which it is folded away. */
  rowOf(line: number): number {
    const fold = this.#lastFold((i) => (this.#opens[i] ?? 0) <= line);
    const open = this.#opens[fold];
    if (open === undefined) return line;
    const from = line <= this.text.end(open) ? open : line - this.text.end(open) + open;
    return from - (this.#hidden[fold] ?? 0);
  }

  place(index: number): { readonly text: ReportText; readonly line: number } {
    return { text: this.text, line: this.lineOf(index) };
  }

  outer(index: number): number {
    const parent = this.text.parent(this.lineOf(index));
    return parent < 0 ? -1 : this.rowOf(parent);
  }

  copied(from: number, to: number): string {
    const last = this.lineOf(to);
    const end = this.#folded.has(last) ? this.text.end(last) : last;
    return this.text.between(this.text.range(this.lineOf(from))[0], this.text.range(end)[1]);
  }

  fold(index: number, folded: boolean): void {
    const line = this.lineOf(index);
    if (this.text.end(line) === 0) return;
    if (folded) this.#folded.add(line);
    else this.#folded.delete(line);
    this.#count();
  }

  /** Unfolds whatever hides a line. */
  reveal(line: number): void {
    let changed = false;
    for (let at = this.text.parent(line); at >= 0; at = this.text.parent(at)) {
      changed = this.#folded.delete(at) || changed;
    }
    if (changed) this.#count();
  }

  /** Folds what lies deeper than so many objects and arrays; unfolds all else. */
  foldBelow(depth: number): void {
    this.#folded.clear();
    for (let line = 0; line < this.text.lines; line++) {
      const end = this.text.end(line);
      if (end === 0 || this.text.depth(line) < depth) continue;
      this.#folded.add(line);
      line = end;
    }
    this.#count();
  }

  #lastFold(holds: (fold: number) => boolean): number {
    let low = -1;
    let high = this.#opens.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (holds(middle)) low = middle;
      else high = middle;
    }
    return low;
  }

  #count(): void {
    const lines = Int32Array.from(this.#folded).sort();
    const opens: number[] = [];
    const hidden = [0];
    let end = -1;
    for (const line of lines) {
      if (line <= end) continue;
      end = this.text.end(line);
      opens.push(line);
      hidden.push((hidden.at(-1) ?? 0) + end - line);
    }
    this.#opens = Int32Array.from(opens);
    this.#hidden = Int32Array.from(hidden);
  }

  #hitsIn(line: number): (readonly [number, number])[] {
    const { found } = this;
    if (found === undefined || found.starts.length === 0) return [];
    const [from, to] = this.text.range(line);
    const hits: (readonly [number, number])[] = [];
    for (let i = firstFrom(found.starts, from); i < found.starts.length && hits.length < 100; i++) {
      const start = found.starts[i] ?? 0;
      if (start >= to) break;
      const before = this.text.between(from, start).length;
      hits.push([before, before + this.text.between(start, start + found.size).length]);
    }
    return hits;
  }
}

/** The index of the first number that is at least `least`, in rising ones. */
export function firstFrom(numbers: Uint32Array, least: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
