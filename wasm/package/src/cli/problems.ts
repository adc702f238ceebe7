/** Problems found before the core is asked, printed as core/problems.cc prints its own. */

/** The numbers of core/result.h. */
export const CODES = {
  "duplicate-key": 2, "over-limit": 3, "wrong-type": 4, missing: 7, conflict: 11, "malformed-yaml": 12,
} as const;

/** Both 1-based, columns in bytes; zeros where there is no place. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export const NOWHERE: Position = { line: 0, column: 0 };

export interface Problem {
  readonly name: keyof typeof CODES;
  /** A JSON pointer into the document. */
  readonly where: string;
  readonly message: string;
  readonly at: Position;
  readonly source?: string;
}

const MAX_PROBLEMS = 100;

/** Exit status 2 with these problems. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(readonly problems: readonly Problem[]) {
    super("the input is refused");
  }
}

export function print(problems: readonly Problem[], asJson: boolean): string {
  const shown = problems.slice(0, MAX_PROBLEMS);
  const suppressed = problems.length - shown.length;
  if (!asJson) return shown.map(line).join("") + (suppressed > 0 ? `and ${suppressed} more\n` : "");
  const list = shown.map(({ name, where, message, at, source = "" }) => ({
    code: CODES[name], name, source: clean(source), where: clean(where), ...at, message: clean(message),
  }));
  return `${JSON.stringify({ problems: list, suppressed }, null, 2)}\n`;
}

function line({ where, message, at, source = "" }: Problem): string {
  const place = at.line === 0 ? [] : [at.line, at.column];
  const start = [...(source === "" ? [] : [clean(source)]), ...place].join(":");
  return [start, clean(where), clean(message)].filter((part) => part !== "").join(": ") + "\n";
}

function clean(text: string): string {
  return text.replace(/\p{Cc}|\p{Surrogate}/gu, "?");
}
