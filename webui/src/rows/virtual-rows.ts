/**
 * A list of any length of which only the rows in sight exist, at most MOST_ROWS of them. All rows are
 * equally high.
 *
 * Browsers cap the height of an element (about 33 million pixels in Chromium, less elsewhere), so
 * beyond TALLEST the scroll bar stands for the list in proportion; small movements still go pixel by
 * pixel, which is what a wheel or a finger means by them.
 */

export const ROW_HEIGHT = 20;
export const MOST_ROWS = 200;

const TALLEST = 8_000_000;
/** What a wheel moves at once at most; more than that is the scroll bar. */
const SMALL_STEP = 1500;

export class VirtualRows {
  readonly #scroller: HTMLElement;
  readonly #spacer: HTMLElement;
  readonly #layer: HTMLElement;
  readonly #fill: (element: HTMLElement, index: number) => void;
  readonly #pool: { readonly element: HTMLElement; index: number }[] = [];
  #count = 0;
  /** Pixels of the list above the sight. */
  #top = 0;
  /** The scroll position that is known to belong to #top. */
  #known = 0;
  /** The row that the rows are placed from. */
  #base = 0;

  /** `fill` writes row `index` into an element that it once got empty, or that held another row. */
  constructor(scroller: HTMLElement, fill: (element: HTMLElement, index: number) => void) {
    this.#scroller = scroller;
    this.#fill = fill;
    this.#spacer = document.createElement("div");
    this.#spacer.className = "spacer";
    this.#spacer.role = "presentation";
    this.#layer = document.createElement("div");
    this.#layer.className = "layer";
    this.#layer.role = "rowgroup";
    this.#spacer.append(this.#layer);
    scroller.append(this.#spacer);
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.render()).observe(scroller);
  }

  /** Another list, or one of another length; `width` is that of the widest row, in `ch`. */
  reset(count: number, width: number): void {
    this.#count = count;
    this.#spacer.style.height = `${Math.min(this.#height, TALLEST)}px`;
    this.#spacer.style.width = `max(100%, ${width}ch)`;
    this.#top = Math.min(this.#top, this.#most);
    this.#settle();
    this.refresh();
  }

  /** Fills every row again. */
  refresh(): void {
    for (const slot of this.#pool) slot.index = -1;
    this.render();
  }

  /** The rows wholly in sight: from, and up to but not including. */
  get sight(): readonly [number, number] {
    const first = Math.ceil(this.#top / ROW_HEIGHT);
    const last = Math.floor((this.#top + this.#scroller.clientHeight) / ROW_HEIGHT);
    return [first, Math.min(Math.max(first, last), this.#count)];
  }

  /** Brings a row into sight, with as little movement as it takes, or to the middle. */
  show(index: number, where: "nearest" | "middle" = "nearest"): void {
    const sight = this.#scroller.clientHeight;
    const top = index * ROW_HEIGHT;
    if (where === "nearest" && top >= this.#top && top + ROW_HEIGHT <= this.#top + sight) return;
    const middle = top - (sight - ROW_HEIGHT) / 2;
    const nearest = top < this.#top ? top : top + ROW_HEIGHT - sight;
    this.#top = Math.max(0, Math.min(where === "middle" ? middle : nearest, this.#most));
    this.#settle();
    this.render();
  }

  element(index: number): HTMLElement | undefined {
    return this.#pool.find((slot) => slot.index === index)?.element;
  }

  render(): void {
    const sight = this.#scroller.clientHeight;
    const first = Math.floor(this.#top / ROW_HEIGHT);
    const size = Math.min(MOST_ROWS, Math.ceil(sight / ROW_HEIGHT) + 2);
    const last = Math.min(this.#count, first + size);
    this.#resizePool(size);
    if (Math.abs(first - this.#base) > 100_000) {
      this.#base = first; // Small numbers: far from zero, browsers place things between pixels.
      for (const slot of this.#pool) slot.index = -1;
    }
    this.#layer.style.transform = `translateY(${this.#base * ROW_HEIGHT - this.#top}px)`;
    for (const slot of this.#pool) {
      if (slot.index < first || slot.index >= last) this.#hide(slot);
    }
    for (let index = first; index < last; index++) {
      const slot = this.#pool[index % size];
      if (slot === undefined || slot.index === index) continue;
      slot.index = index;
      slot.element.hidden = false;
      slot.element.style.transform = `translateY(${(index - this.#base) * ROW_HEIGHT}px)`;
      this.#fill(slot.element, index);
    }
  }

  get #height(): number {
    return this.#count * ROW_HEIGHT;
  }

  get #most(): number {
    return Math.max(0, this.#height - this.#scroller.clientHeight);
  }

  #hide(slot: { readonly element: HTMLElement; index: number }): void {
    slot.index = -1;
    slot.element.hidden = true;
  }

  #resizePool(size: number): void {
    if (this.#pool.length === size) return;
    for (const slot of this.#pool) slot.index = -1;
    while (this.#pool.length > size) this.#pool.pop()?.element.remove();
    while (this.#pool.length < size) {
      const element = document.createElement("div");
      element.role = "row";
      element.className = "line";
      this.#layer.append(element);
      this.#pool.push({ element, index: -1 });
    }
  }

  /** Puts the scroll bar where #top says. */
  #settle(): void {
    const scaled = this.#height > TALLEST;
    const bar = Math.max(0, Math.min(this.#height, TALLEST) - this.#scroller.clientHeight);
    this.#scroller.scrollTop = scaled ? (this.#top / this.#most) * bar : this.#top;
    this.#known = this.#scroller.scrollTop;
  }

  #scrolled(): void {
    const at = this.#scroller.scrollTop;
    if (at === this.#known) return this.render();
    const step = at - this.#known;
    this.#known = at;
    const bar = Math.max(1, Math.min(this.#height, TALLEST) - this.#scroller.clientHeight);
    const scaled = this.#height > TALLEST;
    if (!scaled) this.#top = at;
    else if (at <= 0) this.#top = 0;
    else if (at >= bar - 1) this.#top = this.#most;
    else if (Math.abs(step) <= SMALL_STEP) this.#top = Math.max(0, Math.min(this.#top + step, this.#most));
    else this.#top = (at / bar) * this.#most;
    this.render();
  }
}
