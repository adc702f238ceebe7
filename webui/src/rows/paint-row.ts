/** One row as DOM: line numbers, the sign of a fold, and the text with its parts coloured. */

import type { Row } from "./row.js";

/**
 * What cannot be seen, or changes where other characters are seen: each is named in its place, so that
 * a line cannot be read as another than it is. The text of the line stays what it was.
 */
const UNSEEN = /(?! )[\p{Cc}\p{Cf}\p{Co}\p{Z}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180D\u180F\u3164\uFFA0]/u;

/** A line of a report: indentation, key, the rest. */
const KEYED = /^( *)("(?:[^"\\]|\\.)*")(: )(.*)$/s;
const STRING = /^( *)("(?:[^"\\]|\\.)*"?)(.*)$/s;
const PLAIN = /^( *)(-?\d[^,]*|true|false|null)(.*)$/s;

/** Text searched for, in all lists of the page. */
const found = typeof Highlight === "function" ? new Highlight() : undefined;
if (found !== undefined) CSS.highlights.set("candor-found", found);
const ranges = new WeakMap<HTMLElement, Range[]>();

export interface RowWords {
  readonly cut: (bytes: number) => string;
  readonly folded: (lines: number) => string;
}

export function paintRow(element: HTMLElement, row: Row, words: RowWords): void {
  // Of two columns of numbers the one that says something names the row.
  const naming = row.numbers.findIndex((text) => text !== "");
  const numbers = row.numbers.map((text, i) => part("number", text, i === naming ? "rowheader" : "gridcell"));
  const sign = part("sign", row.expanded === undefined ? "" : row.expanded ? "▾" : "▸", "gridcell");
  sign.ariaHidden = "true";
  const code = part("code", "", "gridcell");
  if (row.mark === "gap") {
    code.append(part("note", words.folded(row.folded)));
  } else {
    colour(code, row.text);
    if (row.cut > 0) code.append(part("note", words.cut(row.cut)));
    if (row.folded > 0) code.append(part("note", words.folded(row.folded)));
  }
  if (row.mark === "added" || row.mark === "removed") {
    const mark = part("mark", row.mark === "added" ? "+" : "−");
    code.prepend(mark);
  }
  element.replaceChildren(...numbers, sign, code);
  element.className = row.mark === "" ? "line" : `line ${row.mark}`;
  element.ariaLevel = String(row.level);
  element.ariaExpanded = row.expanded === undefined ? null : String(row.expanded);
  highlight(element, code, row);
}

/** Whatever the row highlighted no longer counts. */
export function unpaintRow(element: HTMLElement): void {
  for (const range of ranges.get(element) ?? []) found?.delete(range);
  ranges.delete(element);
}

function part(name: string, text: string, role?: string): HTMLElement {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  if (role !== undefined) span.role = role;
  return span;
}

/** A part of the report itself. */
function token(name: string, text: string): HTMLElement {
  const span = part(name, text);
  if (UNSEEN.test(text)) span.replaceChildren(...named(text));
  return span;
}

function named(text: string): (string | HTMLElement)[] {
  return text.split(new RegExp(`(${UNSEEN.source})`, "u")).map((piece, i) => {
    if (i % 2 === 0) return piece;
    const odd = document.createElement("span");
    odd.className = "odd";
    odd.dataset["sign"] = `U+${piece.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`;
    odd.textContent = piece;
    return odd;
  });
}

function colour(code: HTMLElement, text: string): void {
  const [, indent, key, colon, rest] = KEYED.exec(text) ?? [];
  if (key !== undefined) code.append(indent ?? "", token("key", key), colon ?? "");
  const value = rest ?? text;
  const [, before, quoted, after] = STRING.exec(value) ?? [];
  if (quoted !== undefined) return code.append(before ?? "", token("string", quoted), after ?? "");
  const [, space, plain, end] = PLAIN.exec(value) ?? [];
  if (plain === undefined) return code.append(value);
  code.append(space ?? "", token(/^[-\d]/.test(plain) ? "decimal" : "literal", plain), end ?? "");
}

function highlight(element: HTMLElement, code: HTMLElement, row: Row): void {
  unpaintRow(element);
  if (row.hits.length === 0 || found === undefined) return;
  const made = row.hits.flatMap(([from, to]) => {
    const start = placeIn(code, from);
    const end = placeIn(code, to);
    if (start === undefined || end === undefined) return [];
    const range = new Range();
    range.setStart(...start);
    range.setEnd(...end);
    found.add(range);
    return [range];
  });
  ranges.set(element, made);
}

function placeIn(code: HTMLElement, offset: number): [Node, number] | undefined {
  const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  for (let left = offset; texts.nextNode() !== null; ) {
    const { length } = texts.currentNode as Text;
    if (left <= length) return [texts.currentNode, left];
    left -= length;
  }
  return undefined;
}
