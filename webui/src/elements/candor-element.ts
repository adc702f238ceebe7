/** What every element of this package is: Lit, the shared styles, and the language chosen. */

import { type CSSResultGroup, LitElement } from "lit";

import { sharedStyles } from "../style/shared.js";
import { LanguageController, texts, type Texts } from "../text/index.js";

export class CandorElement extends LitElement {
  static override styles: CSSResultGroup = sharedStyles;

  constructor() {
    super();
    new LanguageController(this);
  }

  /** The words in the language chosen; read them while rendering. */
  protected get t(): Texts {
    return texts();
  }
}

/** An element may be loaded twice, by two bundles of a page; the first one counts. */
export function define(name: string, element: CustomElementConstructor): void {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}
