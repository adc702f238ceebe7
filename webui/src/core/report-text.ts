/** A report's bytes with their line index: text, pointers and places, worked out when asked. */

import type { LineIndex } from "./line-index.js";

const LINE_FEED = 10;
const OPEN_ARRAY = 0x5b;
const COLON = ": ";
/** No row shows more of its line. */
export const MOST_SHOWN_BYTES = 4096;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export class ReportText {
  constructor(
    readonly bytes: Uint8Array<ArrayBuffer>,
    readonly index: LineIndex,
  ) {}

  get lines(): number {
    return this.index.starts.length - 1;
  }

  /** The bytes of a line without its line feed, from and to; lines count from 0. */
  range(line: number): readonly [number, number] {
    const start = this.index.starts[line] ?? 0;
    const end = this.index.starts[line + 1] ?? start;
    return [start, end > start && this.bytes[end - 1] === LINE_FEED ? end - 1 : end];
  }

  text(line: number): string {
    const [start, end] = this.range(line);
    return this.between(start, Math.min(end, start + MOST_SHOWN_BYTES));
  }

  /** How many bytes of the line text() leaves out. */
  cut(line: number): number {
    const [start, end] = this.range(line);
    return Math.max(0, end - start - MOST_SHOWN_BYTES);
  }

  between(start: number, end: number): string {
    return decoder.decode(this.bytes.subarray(start, end));
  }

  /** The line in which a byte lies. */
  lineOf(byte: number): number {
    const { starts } = this.index;
    let low = 0;
    let high = this.lines;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= byte) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The line that closes what this one opens, or 0. */
  end(line: number): number {
    return this.index.ends[line] ?? 0;
  }

  parent(line: number): number {
    return this.index.parents[line] ?? -1;
  }

  /** How many objects and arrays the line lies in. */
  depth(line: number): number {
    const [start, end] = this.range(line);
    let at = start;
    while (at < end && this.bytes[at] === 0x20) at++;
    return (at - start) >> 1;
  }

  /** JSON pointer (RFC 6901) of the value that the line holds, opens or closes. */
  pointer(line: number): string {
    const steps: string[] = [];
    let at = this.#opener(line);
    for (let parent = this.parent(at); parent >= 0; at = parent, parent = this.parent(at)) {
      const step = this.#isArray(parent) ? String(this.#position(parent, at)) : (this.key(at) ?? "");
      steps.push(step.replaceAll("~", "~0").replaceAll("/", "~1"));
    }
    return steps.reverse().map((step) => `/${step}`).join("");
  }

  /** The key that a line of an object begins with. */
  key(line: number): string | undefined {
    const match = /^ *("(?:[^"\\]|\\.)*"): /.exec(this.text(line));
    return match?.[1] === undefined ? undefined : parse(match[1]);
  }

  /** For a line inside an item of the array at `pointer`, the item's "key". */
  pointKey(line: number, pointer: string): string | undefined {
    const item = this.#itemOf(line, pointer);
    const end = this.end(item);
    for (let child = item + 1; item >= 0 && child < end; child = this.#next(child)) {
      if (this.key(child) !== "key") continue;
      return parse(this.text(child).split(COLON).slice(1).join(COLON).replace(/,$/, ""));
    }
    return undefined;
  }

  /** From the outside in: an array's own place is cheap to tell, an item's is not. */
  #itemOf(line: number, pointer: string): number {
    const around: number[] = [];
    for (let at = this.#opener(line); at >= 0; at = this.parent(at)) around.push(at);
    while (around.length > 1) {
      const outer = around.pop() ?? -1;
      if (this.pointer(outer) === pointer) return around.at(-1) ?? -1;
    }
    return -1;
  }

  #opener(line: number): number {
    const parent = this.parent(line);
    return parent >= 0 && this.end(parent) === line ? parent : line;
  }

  #isArray(line: number): boolean {
    return this.bytes[this.range(line)[1] - 1] === OPEN_ARRAY;
  }

  #next(line: number): number {
    return Math.max(this.end(line), line) + 1;
  }

  #position(array: number, line: number): number {
    let position = 0;
    for (let at = array + 1; at < line; at = this.#next(at)) position++;
    return position;
  }
}

function parse(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
