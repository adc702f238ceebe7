/** Light or dark: as the browser prefers, or as the reader chose. */

import { recall, remember } from "../text/index.js";

export type Theme = "system" | "light" | "dark";

export const THEME_CHANGED = "candor-theme-changed";

const STORED_AS = "candor-theme";
const sheet = new CSSStyleSheet();

export function theme(): Theme {
  const stored = recall(STORED_AS);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function setTheme(chosen: Theme): void {
  remember(STORED_AS, chosen);
  apply(chosen);
  // What is painted on a canvas does not follow by itself.
  window.dispatchEvent(new Event(THEME_CHANGED));
}

/** For the document of a whole page; elements in somebody else's page inherit that page's. */
export function startTheme(): void {
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  apply(theme());
}

function apply(chosen: Theme): void {
  const scheme = chosen === "system" ? "light dark" : chosen;
  sheet.replaceSync(`
    :root { color-scheme: ${scheme}; background: light-dark(#f4f4f4, #161616); }
    body { margin: 0; min-height: 100vh; }
  `);
}
