/** Rows with a current one and a selection, moved by keyboard and mouse: a tree grid. */

import { paintRow, type RowWords, unpaintRow } from "../rows/paint-row.js";
import type { RowModel } from "../rows/row.js";
import { VirtualRows } from "../rows/virtual-rows.js";

export interface RowListener {
  /** The current row is another one. */
  moved(index: number): void;
  /** Fold or unfold what a row opens. */
  fold(index: number, folded: boolean): void;
  /** To the row that encloses this one; returns its index, or -1. */
  outer(index: number): number;
  copy(): void;
  find(): void;
  /** The last row came into sight. */
  ended(): void;
  readonly words: RowWords;
}

export class RowList {
  readonly #scroller: HTMLElement;
  readonly #rows: VirtualRows;
  readonly #listener: RowListener;
  #model: RowModel | undefined;
  #width = 0;
  #current = 0;
  /** Where the selection began; it ends at the current row. */
  #anchor = 0;

  constructor(scroller: HTMLElement, listener: RowListener) {
    this.#scroller = scroller;
    this.#listener = listener;
    this.#rows = new VirtualRows(scroller, (element, index) => this.#fill(element, index));
    scroller.addEventListener("keydown", (event) => this.#key(event));
    scroller.addEventListener("mousedown", (event) => this.#press(event));
    scroller.addEventListener("scroll", () => this.#look(), { passive: true });
    scroller.addEventListener("copy", (event) => {
      // Text that the reader marked by hand inside a line is copied as it is.
      if (String(document.getSelection() ?? "") !== "") return;
      event.preventDefault();
      listener.copy();
    });
  }

  get current(): number {
    return this.#current;
  }

  /** The selected rows: from, and up to and including. */
  get selection(): readonly [number, number] {
    return [Math.min(this.#anchor, this.#current), Math.max(this.#anchor, this.#current)];
  }

  /** Shows another model from its beginning, or the same one after it changed. */
  show(model: RowModel | undefined, width: number): void {
    const other = model !== this.#model;
    this.#model = model;
    this.#width = width;
    const count = model?.count ?? 0;
    this.#current = other ? 0 : Math.min(this.#current, Math.max(0, count - 1));
    this.#anchor = this.#current;
    this.#scroller.ariaRowCount = String(count);
    this.#rows.reset(count, this.#width);
    if (other) this.#rows.show(0);
    this.#name();
    this.#look();
  }

  refresh(): void {
    this.#rows.refresh();
  }

  go(index: number, where: "nearest" | "middle" = "nearest", extend = false): void {
    const count = this.#model?.count ?? 0;
    if (count === 0) return;
    this.#current = Math.max(0, Math.min(index, count - 1));
    if (!extend) this.#anchor = this.#current;
    this.#rows.show(this.#current, where);
    this.#rows.refresh();
    this.#name();
    this.#listener.moved(this.#current);
    this.#look();
  }

  focus(): void {
    this.#scroller.focus();
  }

  #fill(element: HTMLElement, index: number): void {
    const row = this.#model?.row(index);
    if (row === undefined) return unpaintRow(element);
    paintRow(element, row, this.#listener.words);
    element.id = `row-${index}`;
    element.ariaRowIndex = String(index + 1);
    const [from, to] = this.selection;
    element.ariaSelected = String(from !== to && index >= from && index <= to);
    element.classList.toggle("current", index === this.#current);
  }

  #name(): void {
    if (this.#rows.element(this.#current) === undefined) this.#scroller.removeAttribute("aria-activedescendant");
    else this.#scroller.setAttribute("aria-activedescendant", `row-${this.#current}`);
  }

  #look(): void {
    const count = this.#model?.count ?? 0;
    this.#name();
    if (count > 0 && this.#rows.sight[1] >= count) this.#listener.ended();
  }

  #key(event: KeyboardEvent): void {
    const [from, to] = this.#rows.sight;
    const page = Math.max(1, to - from - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.#current + 1, ArrowUp: this.#current - 1,
      PageDown: this.#current + page, PageUp: this.#current - page,
      Home: 0, End: Number.MAX_SAFE_INTEGER,
    };
    const move = moves[event.key];
    const command = event.ctrlKey || event.metaKey;
    if (move !== undefined && !event.altKey) this.go(move, "nearest", event.shiftKey);
    else if (event.key === "ArrowRight" && !command) this.#inward();
    else if (event.key === "ArrowLeft" && !command) this.#outward();
    else if (command && event.key === "a") this.#all();
    else if (command && event.key === "f") this.#listener.find();
    else if (command && event.key === "c" && String(document.getSelection() ?? "") === "") this.#listener.copy();
    else return;
    event.preventDefault();
  }

  #inward(): void {
    const row = this.#model?.row(this.#current);
    if (row?.expanded === false) this.#listener.fold(this.#current, false);
    else if (row?.expanded === true) this.go(this.#current + 1);
  }

  #outward(): void {
    if (this.#model?.row(this.#current).expanded === true) return this.#listener.fold(this.#current, true);
    const outer = this.#listener.outer(this.#current);
    if (outer >= 0) this.go(outer);
  }

  #all(): void {
    this.#anchor = 0;
    this.#current = Math.max(0, (this.#model?.count ?? 0) - 1);
    this.#rows.refresh();
  }

  #press(event: MouseEvent): void {
    const target = event.target as HTMLElement;
    const line = target.closest<HTMLElement>(".line");
    const index = Number(line?.id.slice("row-".length) || Number.NaN);
    if (Number.isNaN(index) || event.button !== 0) return;
    const row = this.#model?.row(index);
    const folds = target.classList.contains("sign") || row?.mark === "gap";
    if (folds && row?.expanded !== undefined) {
      event.preventDefault();
      this.#scroller.focus();
      return this.#listener.fold(index, row.expanded);
    }
    if (event.shiftKey) event.preventDefault(); // Lines are selected, not text.
    // Rows are written again: after the press, so that text can be marked by dragging.
    this.#scroller.focus({ preventScroll: true });
    const before = [this.#current, this.#anchor];
    this.#current = index;
    if (!event.shiftKey) this.#anchor = index;
    if (before[0] === index && before[1] === this.#anchor) return;
    this.#repaintStates();
    this.#name();
    this.#listener.moved(index);
  }

  /** Which rows are current and selected, without touching their text. */
  #repaintStates(): void {
    const [from, to] = this.selection;
    for (const element of this.#scroller.querySelectorAll<HTMLElement>(".line:not([hidden])")) {
      const index = Number(element.id.slice("row-".length));
      element.ariaSelected = String(from !== to && index >= from && index <= to);
      element.classList.toggle("current", index === this.#current);
    }
  }
}
