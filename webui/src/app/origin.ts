/** Where a setting comes from, taken apart: "application.yaml:7:18", "environment variable NAME". */

export type Place =
  | { readonly kind: "default" }
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "file"; readonly name: string; readonly line: string }
  | { readonly kind: "other" };

export function placeOf(origin: string): Place {
  if (origin === "default") return { kind: "default" };
  const variable = /^environment variable (\S+)$/.exec(origin)?.[1];
  if (variable !== undefined) return { kind: "environment", name: variable };
  const [, name, line] = /^(.+?):(\d+)(?::\d+)?$/s.exec(origin) ?? [];
  return name !== undefined && line !== undefined ? { kind: "file", name, line } : { kind: "other" };
}
