/** What the server says in English, in the language chosen where that has words for it. */

import { formatTime } from "./format.js";
import { texts } from "./index.js";

/**
 * Nothing where there are none. In the words, $1 stands for what the first group of the pattern found,
 * and @1 for the same in this language: a time, or where a value comes from.
 */
export function said(text: string): string | undefined {
  for (const [pattern, words] of texts().said) {
    const found = pattern.exec(text);
    if (found === null) continue;
    return words.replace(/([$@])(\d)/g, (_, kind: string, group: string) => {
      const part = found[Number(group)] ?? "";
      return kind === "$" ? part : (said(part) ?? timeOf(part));
    });
  }
  return undefined;
}

function timeOf(text: string): string {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? formatTime(Date.parse(text)) : text;
}
