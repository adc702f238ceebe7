/** `<candor-preferences>`: language and appearance. */

import { css, html, type TemplateResult } from "lit";

import { setTheme, type Theme, theme } from "../style/theme.js";
import { language, languages, setLanguage } from "../text/index.js";
import { CandorElement, define } from "./candor-element.js";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

export class CandorPreferences extends CandorElement {
  static override styles = [CandorElement.styles, css`
    :host { display: flex; flex-wrap: wrap; gap: var(--c-gap); }
  `];

  override render(): TemplateResult {
    const { common } = this.t;
    const names = [...languages].map(([code, texts]) =>
      html`<option value=${code} lang=${code} ?selected=${code === language()}>${texts.languageName}</option>`);
    const themes = THEMES.map((name) =>
      html`<option value=${name} ?selected=${name === theme()}>${common.themes[name]}</option>`);
    return html`
      <select aria-label=${common.language} @change=${this.#chooseLanguage}>${names}</select>
      <select aria-label=${common.theme} @change=${this.#chooseTheme}>${themes}</select>
    `;
  }

  #chooseLanguage(event: Event): void {
    setLanguage((event.target as HTMLSelectElement).value);
  }

  #chooseTheme(event: Event): void {
    setTheme((event.target as HTMLSelectElement).value as Theme);
  }
}

define("candor-preferences", CandorPreferences);

declare global {
  interface HTMLElementTagNameMap {
    "candor-preferences": CandorPreferences;
  }
}
