/** What the server says in English, for the reader: in the language chosen where that has words for it. */

import { formatSpan, formatTime } from "./format.js";
import { texts } from "./index.js";

/**
 * Nothing where there are no words. In those, $1 stands for what the first group of the pattern found,
 * and @1 for the same as the reader writes it: a time, a span, or where a value comes from.
 */
export function said(text: string): string | undefined {
  for (const [pattern, words] of texts().said) {
    const found = pattern.exec(text);
    if (found === null) continue;
    return words.replace(/([$@])(\d)/g, (_, kind: string, group: string) => {
      const part = found[Number(group)] ?? "";
      return kind === "$" ? part : (said(part) ?? withTimes(part));
    });
  }
  return undefined;
}

/** The same text, with times and spans as the reader writes them. */
export function withTimes(text: string): string {
  return text.replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z|(?<=^|every )\d+ s\b/g, (part) =>
    part.endsWith("Z") ? formatTime(Date.parse(part)) : formatSpan(Number.parseInt(part, 10)));
}
