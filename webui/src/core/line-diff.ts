/**
 * Which lines two reports share, in order: Myers' algorithm (1986) with bounded effort.
 *
 * Lines that only one side has are set aside first; then nothing but moved lines costs anything. What
 * is left is walked with at most MOST_EDITS open edits: up to that number of differences the result is
 * the shortest one, beyond it is right but may be longer. Time grows linearly with the size.
 */

import { indexLines } from "./line-index.js";

/** Shared runs, three numbers each: the line in `a`, the line in `b`, how many; both rising. */
export type SharedRuns = Int32Array<ArrayBuffer>;

const MOST_EDITS = 1000;

export function diffLines(a: Uint8Array, b: Uint8Array): SharedRuns {
  const [one, two] = numberLines(a, b);
  let front = 0;
  const shorter = Math.min(one.length, two.length);
  while (front < shorter && one[front] === two[front]) front++;
  let back = 0;
  while (back < shorter - front && one[one.length - 1 - back] === two[two.length - 1 - back]) back++;

  const runs = new Runs();
  runs.add(0, 0, front);
  const left = keptLines(one, two, front, back);
  const right = keptLines(two, one, front, back);
  walk(left.map((line) => one[line] ?? 0), right.map((line) => two[line] ?? 0), (i, j) => {
    runs.add(left[i] ?? 0, right[j] ?? 0, 1);
  });
  runs.add(one.length - back, two.length - back, back);
  return runs.done();
}

/** Equal lines get equal numbers, from 0 on. */
function numberLines(a: Uint8Array, b: Uint8Array): [Int32Array, Int32Array] {
  const sides = [a, b].map((bytes) => ({ bytes, starts: indexLines(bytes).starts }));
  const total = sides.reduce((sum, { starts }) => sum + starts.length - 1, 0);
  const mask = 2 ** Math.ceil(Math.log2(total * 2 + 2)) - 1;
  const slots = new Int32Array(mask + 1); // A line's number, plus one.
  const places: { bytes: Uint8Array; start: number; end: number }[] = [];
  const numbers = sides.map(({ bytes, starts }) => {
    const result = new Int32Array(starts.length - 1);
    for (let line = 0; line < result.length; line++) {
      const start = starts[line] ?? 0;
      const end = starts[line + 1] ?? 0;
      let slot = hash(bytes, start, end) & mask;
      for (let known; ; slot = (slot + 1) & mask) {
        if (slots[slot] === 0) slots[slot] = places.push({ bytes, start, end });
        known = places[(slots[slot] ?? 1) - 1];
        if (known !== undefined && same(known, bytes, start, end)) break;
      }
      result[line] = (slots[slot] ?? 1) - 1;
    }
    return result;
  });
  return [numbers[0] ?? new Int32Array(), numbers[1] ?? new Int32Array()];
}

function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5; // FNV-1a
  for (let at = start; at < end; at++) value = Math.imul(value ^ (bytes[at] ?? 0), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

function same(known: { bytes: Uint8Array; start: number; end: number }, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.end - known.start !== end - start) return false;
  for (let i = start, j = known.start; i < end; i++, j++) if (bytes[i] !== known.bytes[j]) return false;
  return true;
}

/** Between front and back, the lines of `mine` that `other` has anywhere there. */
function keptLines(mine: Int32Array, other: Int32Array, front: number, back: number): Int32Array {
  const there = new Set<number>();
  for (let line = front; line < other.length - back; line++) there.add(other[line] ?? 0);
  const kept: number[] = [];
  for (let line = front; line < mine.length - back; line++) if (there.has(mine[line] ?? 0)) kept.push(line);
  return Int32Array.from(kept);
}

function walk(a: Int32Array, b: Int32Array, shared: (i: number, j: number) => void): void {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const [nextI, nextJ, path] = reach(a, b, i, j);
    for (let step = path.length - 2; step >= 0; step -= 2) shared(path[step] ?? 0, path[step + 1] ?? 0);
    i = nextI;
    j = nextJ;
  }
}

/** As far as MOST_EDITS edits lead from (i, j), and the shared lines on that way, last ones first. */
function reach(a: Int32Array, b: Int32Array, i: number, j: number): [number, number, number[]] {
  const width = a.length - i;
  const height = b.length - j;
  const most = Math.min(MOST_EDITS, width + height);
  const furthest = new Int32Array(2 * most + 3); // By diagonal x - y, shifted by `most + 1`.
  const middle = most + 1;
  const trail: Int32Array[] = [];
  let best = { x: 0, k: 0, edits: 0 };
  for (let edits = 0; edits <= most; edits++) {
    best = { x: -1, k: 0, edits };
    for (let k = -edits; k <= edits; k += 2) {
      let x = startOf(furthest, middle, k, edits);
      if (x > width || x - k > height) {
        furthest[middle + k] = x; // Beyond an edge: leads nowhere.
        continue;
      }
      while (x < width && x - k < height && a[i + x] === b[j + x - k]) x++;
      furthest[middle + k] = x;
      if (2 * x - k > 2 * best.x - best.k || best.x < 0) best = { x, k, edits };
      if (x >= width && x - k >= height) break;
    }
    trail.push(furthest.slice(middle - edits - 1, middle + edits + 2));
    if (best.x >= width && best.x - best.k >= height) break;
  }
  return [i + best.x, j + best.x - best.k, backtrack(trail, best, i, j)];
}

/** Where diagonal k starts after one edit more: to the right of k - 1 or below k + 1. */
function startOf(furthest: Int32Array, middle: number, k: number, edits: number): number {
  if (edits === 0) return 0;
  const below = furthest[middle + k + 1] ?? 0;
  const right = (furthest[middle + k - 1] ?? 0) + 1;
  return k === -edits || (k !== edits && right <= below) ? below : right;
}

function backtrack(trail: Int32Array[], from: { x: number; k: number; edits: number }, i: number, j: number): number[] {
  const path: number[] = [];
  let { x, k } = from;
  for (let edits = from.edits; edits >= 0; edits--) {
    const before = trail[edits - 1];
    const start = before === undefined ? 0 : startOf(before, edits, k, edits);
    while (x > start) {
      x--;
      path.push(i + x, j + x - k);
    }
    if (before === undefined) break;
    const down = before[edits + k + 1] === start && (k === -edits || (k !== edits && (before[edits + k - 1] ?? 0) + 1 <= start));
    if (down) {
      k++;
    } else {
      k--;
      x--;
    }
  }
  // Pairs were pushed line by line, last first; the caller reads them from the end.
  return path;
}

class Runs {
  readonly #numbers: number[] = [];

  add(a: number, b: number, count: number): void {
    if (count === 0) return;
    const all = this.#numbers;
    const last = all.length - 3;
    const length = all[last + 2] ?? 0;
    if (last >= 0 && (all[last] ?? 0) + length === a && (all[last + 1] ?? 0) + length === b) {
      all[last + 2] = length + count;
    } else {
      all.push(a, b, count);
    }
  }

  done(): SharedRuns {
    return Int32Array.from(this.#numbers);
  }
}
