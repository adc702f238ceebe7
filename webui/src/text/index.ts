/**
 * The words of the page. A language is one file beside this one, named by its code (fr.ts) and
 * exporting `texts` of the type Texts; nothing else has to change.
 */

import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { texts as english } from "./en.js";

export type Texts = typeof english;

const FALLBACK = "en";
const STORED_AS = "candor-language";
const CHANGED = "candor-language-changed";

const files = import.meta.glob<Texts>("./??.ts", { eager: true, import: "texts" });

/** By code, sorted: "de", "en". */
export const languages: ReadonlyMap<string, Texts> = new Map(
  Object.entries(files).map(([path, texts]) => [path.slice(2, 4), texts]),
);

let current = stored() ?? preferred();

/** The code of the language that is shown. */
export const language = (): string => current;

export function texts(): Texts {
  const found = languages.get(current) ?? languages.get(FALLBACK);
  if (found === undefined) throw new Error(`there is no ${FALLBACK}.ts`);
  return found;
}

/** Changes the language everywhere, and remembers it. Unknown codes change nothing. */
export function setLanguage(code: string): void {
  if (!languages.has(code)) return;
  current = code;
  remember(STORED_AS, code);
  window.dispatchEvent(new Event(CHANGED));
}

/** Renders its host again when the language changes. */
export class LanguageController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener(CHANGED, this.#changed);
    this.#host.lang = current;
  }

  hostDisconnected(): void {
    window.removeEventListener(CHANGED, this.#changed);
  }

  readonly #changed = (): void => {
    this.#host.lang = current;
    this.#host.requestUpdate();
  };
}

function preferred(): string {
  const known = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return known.find((code) => languages.has(code)) ?? FALLBACK;
}

function stored(): string | undefined {
  const code = recall(STORED_AS);
  return code !== undefined && languages.has(code) ? code : undefined;
}

/** What the browser keeps for this page; nothing where it keeps nothing. */
export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined; // Storage may be switched off.
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it holds until the page is closed.
  }
}
