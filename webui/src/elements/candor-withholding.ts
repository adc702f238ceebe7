/**
 * `<candor-withholding>`: what to leave out, one by one or by group, with an undo. Says "withheld"
 * when `withheld`, the scope ids, has changed.
 */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";

import { type Choice, type ChoiceGroup, choicesOf, finerIds, idsFor, withheldChoices } from "../app/withholding.js";
import type { Catalogue } from "../core/catalogue.js";
import { pageStyles } from "../style/page.js";
import { CandorElement, define } from "./candor-element.js";

export class CandorWithholding extends CandorElement {
  static override properties = {
    catalogue: { attribute: false },
    fixed: { attribute: false },
    withheld: { attribute: false },
    _undo: { state: true },
    _said: { state: true },
  };
  static override styles = [CandorElement.styles, pageStyles, css`
    :host { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
    details { border: 1px solid var(--c-line-strong); background: var(--c-bg); }
    summary { padding: 0.5rem 0.75rem; }
    .count { color: var(--c-text-2); }
    .choices { display: grid; gap: 0.75rem; padding: 0.25rem 0.75rem 0.75rem; }
    .choice { display: grid; grid-template-columns: 1.25rem minmax(0, 1fr); gap: 0.125rem 0.5rem; align-items: baseline; }
    .choice > div { overflow-wrap: anywhere; }
    .choice input { margin: 0; align-self: start; margin-block-start: 0.2rem; }
    .words { grid-column: 2; }
    .tag { padding: 0 0.375rem; background: var(--c-warn-bg); color: var(--c-warn); border: 1px solid currentColor; font-size: var(--c-small); }
  `];

  declare catalogue: Catalogue | undefined;
  /** What the configuration withholds: nobody can send it from here. */
  declare fixed: readonly string[];
  declare withheld: readonly string[];
  declare private _undo: readonly (readonly string[])[];
  declare private _said: string;
  #groups: readonly ChoiceGroup[] = [];

  constructor() {
    super();
    this.fixed = [];
    this.withheld = [];
    this._undo = [];
    this._said = "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("catalogue") && !changed.has("fixed")) return;
    const all = this.catalogue === undefined ? [] : choicesOf(this.catalogue);
    const fixed = withheldChoices(all, this.fixed);
    this.#groups = all
      .map((group) => ({ ...group, choices: group.choices.filter(({ id }) => !fixed.has(id)) }))
      .filter(({ choices }) => choices.length > 0);
  }

  override render(): TemplateResult {
    const { consent } = this.t;
    const out = withheldChoices(this.#groups, this.withheld);
    const finer = finerIds(this.#groups, this.withheld);
    const always = this.catalogue?.fields.filter((field) => field.withhold !== true) ?? [];
    return html`
      ${this.#groups.map((group, i) => this.#group(group, i, out))}
      <div class="actions">
        <button aria-disabled=${this._undo.length === 0} @click=${this.#takeBack}>${consent.undo}</button>
        <span role="status" class="quiet">${this._said}</span>
      </div>
      ${this.#list(consent.fixed, this.fixed.map((id) => ({ id, title: id })))}
      ${this.#list(consent.finer, finer.map((id) => ({ id, title: id })))}
      ${this.#list(consent.alwaysSent, always.map((field) => ({ id: field.pointer, title: field.title ?? field.pointer })))}
    `;
  }

  #list(title: string, items: readonly { readonly id: string; readonly title: string }[]): TemplateResult | typeof nothing {
    if (items.length === 0) return nothing;
    return html`<p class="small quiet">${title} ${items.map(({ id, title: name }, i) => html`${i > 0 ? ", " : ""}<span lang="en" class="break" title=${id}>${name}</span>`)}.</p>`;
  }

  #group(group: ChoiceGroup, index: number, out: ReadonlySet<string>): TemplateResult {
    const { consent } = this.t;
    const sent = group.choices.filter(({ id }) => !out.has(id)).length;
    const name = this.#nameOf(group);
    return html`
      <details>
        <summary><strong>${name}</strong> <span class="count">– ${consent.kept(sent, group.choices.length)}</span></summary>
        <div class="choices" role="group" aria-label=${name}>
          ${group.choices.length > 1 ? html`
            <div class="choice"><input type="checkbox" id="all-${index}" .checked=${sent > 0}
              .indeterminate=${sent > 0 && sent < group.choices.length}
              @change=${(event: Event) => this.#set(group.choices, (event.target as HTMLInputElement).checked)}>
              <label for="all-${index}"><strong>${consent.all}</strong></label></div>` : nothing}
          ${group.choices.map((choice, i) => this.#choice(choice, `choice-${index}-${i}`, out))}
        </div>
      </details>
    `;
  }

  #choice(choice: Choice, id: string, out: ReadonlySet<string>): TemplateResult {
    const { consent } = this.t;
    return html`
      <div class="choice">
        <input type="checkbox" id=${id} aria-describedby="${id}-words" .checked=${!out.has(choice.id)}
          @change=${(event: Event) => this.#set([choice], (event.target as HTMLInputElement).checked)}>
        <div><label for=${id} lang="en">${choice.title}</label>
          <code class="small quiet">${choice.id.split("@")[0]}</code>
          ${choice.business ? html`<span class="tag">${consent.business}</span>` : nothing}</div>
        <p class="words small quiet" id="${id}-words"><span lang="en">${choice.description}</span>
          ${consent.whyLabel} <span lang="en">${choice.why}</span> (${consent.since(choice.since)})</p>
      </div>
    `;
  }

  #nameOf(group: ChoiceGroup): string {
    const { consent } = this.t;
    if (group.kind !== "component") return consent.groups[group.kind];
    return group.component === "*" ? consent.anyComponent : consent.component(group.component);
  }

  #set(choices: readonly Choice[], sent: boolean): void {
    const out = withheldChoices(this.#groups, this.withheld);
    for (const { id } of choices) {
      if (sent) out.delete(id);
      else out.add(id);
    }
    this._undo = [...this._undo, this.withheld];
    this.#change([...idsFor(this.#groups, out), ...finerIds(this.#groups, this.withheld)], "");
  }

  #takeBack(): void {
    const before = this._undo.at(-1);
    if (before === undefined) return;
    this._undo = this._undo.slice(0, -1);
    this.#change(before, this.t.consent.undone);
  }

  #change(withheld: readonly string[], said: string): void {
    this.withheld = withheld;
    this._said = said;
    this.dispatchEvent(new Event("withheld"));
  }
}

define("candor-withholding", CandorWithholding);

declare global {
  interface HTMLElementTagNameMap {
    "candor-withholding": CandorWithholding;
  }
}
