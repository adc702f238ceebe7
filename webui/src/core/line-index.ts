/**
 * Where the lines of a report are, and which of them open an object or array that can be folded.
 * Made in the worker over the UTF-8 bytes; the text itself is decoded only for what is shown.
 */

export interface LineIndex {
  /** The byte each line starts at, and the number of bytes at the end: one entry more than lines. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** The line that opens what a line lies in, -1 outside; for a line that closes, what it closes. */
  readonly parents: Int32Array<ArrayBuffer>;
  /** For a line that opens something, the line that closes it; else 0. */
  readonly ends: Int32Array<ArrayBuffer>;
  /** The most bytes that one line has. */
  readonly longest: number;
}

const LINE_FEED = 10;
const SPACE = 32;

const opens = (byte: number | undefined): boolean => byte === 0x7b || byte === 0x5b; // { [
const closes = (byte: number | undefined): boolean => byte === 0x7d || byte === 0x5d; // } ]

/** Any bytes give an index; folds are those of text as JSON.stringify(value, null, 2) prints it. */
export function indexLines(bytes: Uint8Array): LineIndex {
  const starts = lineStarts(bytes);
  const lines = starts.length - 1;
  const parents = new Int32Array(lines);
  const ends = new Int32Array(lines);
  const open: number[] = [];
  let longest = 0;
  let parent = -1;
  for (let line = 0; line < lines; line++) {
    const start = starts[line] ?? 0;
    let last = (starts[line + 1] ?? 0) - 1;
    if (bytes[last] === LINE_FEED) last--;
    longest = Math.max(longest, last + 1 - start);
    let first = start;
    while (bytes[first] === SPACE) first++;
    parents[line] = parent;
    if (last >= first && opens(bytes[last])) {
      open.push(line);
      parent = line;
    } else if (parent >= 0 && first <= last && closes(bytes[first])) {
      ends[parent] = line;
      open.pop();
      parent = open[open.length - 1] ?? -1;
    }
  }
  return { starts, parents, ends, longest };
}

function lineStarts(bytes: Uint8Array): Uint32Array<ArrayBuffer> {
  let starts = new Uint32Array(Math.max(16, bytes.length >> 4));
  let lines = 0;
  let at = 0;
  while (at < bytes.length) {
    if (lines + 1 >= starts.length) {
      const more = new Uint32Array(starts.length * 2);
      more.set(starts);
      starts = more;
    }
    starts[lines++] = at;
    const end = bytes.indexOf(LINE_FEED, at);
    at = end < 0 ? bytes.length : end + 1;
  }
  starts[lines] = bytes.length;
  return starts.slice(0, lines + 1);
}
