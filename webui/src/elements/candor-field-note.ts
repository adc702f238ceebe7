/** `<candor-field-note>`: what a place in a report is, why it is collected, since when. */

import { css, html, nothing, type TemplateResult } from "lit";

import { type Catalogue, fieldAt, type FieldNote, noteOf } from "../core/catalogue.js";
import { CandorElement, define } from "./candor-element.js";

export class CandorFieldNote extends CandorElement {
  static override properties = {
    catalogue: { attribute: false },
    pointer: { type: String },
    pointKey: { type: String, attribute: "point-key" },
  };
  static override styles = [CandorElement.styles, css`
    /* No heading: which level would fit depends on the page around it. */
    .title { overflow-wrap: anywhere; font-weight: 600; font-size: 1rem; }
    dl { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.125rem; margin: 0.5rem 0 0; }
    dt { margin-top: 0.375rem; font-weight: 600; font-size: var(--c-small); color: var(--c-text-2); }
    dd { margin: 0; overflow-wrap: anywhere; }
  `];

  declare catalogue: Catalogue | undefined;
  /** A JSON pointer; undefined while no place is chosen. */
  declare pointer: string | undefined;
  /** The "key" of the data point that the place lies in. */
  declare pointKey: string | undefined;

  override render(): TemplateResult {
    const { note } = this.t;
    if (this.pointer === undefined || this.catalogue === undefined) return html`<p class="quiet">${note.choose}</p>`;
    const field = fieldAt(this.catalogue, this.pointer);
    if (field !== undefined) return this.#field(noteOf(field, this.pointKey), this.catalogue);
    const above = `${this.pointer}/`;
    const groups = this.catalogue.fields.some(({ pointer }) => startsWith(pointer, above));
    return html`<p class="quiet">${groups ? note.structure : note.unnamed}</p>${this.#row(note.pointer, this.pointer)}`;
  }

  #field({ field, point, id }: FieldNote, catalogue: Catalogue): TemplateResult {
    const { note } = this.t;
    const told = point ?? field;
    const purposes = (field.purposes ?? []).map((purpose) => catalogue.purposes?.[purpose] ?? purpose).join(" ");
    const { group, sensitivity = "none" } = field;
    return html`
      <p class="title">${told.title ?? id}</p>
      <dl>
        ${this.#row(note.what, told.description)}
        ${this.#row(note.why, told.why)}
        ${this.#row(note.since, told.since)}
        ${this.#row(note.unit, point?.unit)}
        ${this.#row(note.purposes, purposes)}
        ${this.#row(note.group, group === undefined ? undefined : note.groups[group])}
        ${this.#row(note.sensitivity, note.sensitivities[sensitivity])}
        ${this.#row(note.withhold, field.withhold === true ? note.yes : note.no)}
        ${this.#row(note.example, exampleOf(point === undefined ? field.example : undefined), true)}
        ${this.#row(note.pointer, id, true)}
      </dl>`;
  }

  #row(name: string, value: string | undefined, code = false): TemplateResult | typeof nothing {
    if (value === undefined || value === "") return nothing;
    return html`<dt>${name}</dt><dd>${code ? html`<code>${value}</code>` : value}</dd>`;
  }
}

function exampleOf(example: unknown): string | undefined {
  return typeof example === "string" ? example : example === undefined ? undefined : JSON.stringify(example);
}

/** Whether a field's pointer, which may hold `*`, lies beneath a prefix that ends in a slash. */
function startsWith(pointer: string, prefix: string): boolean {
  const field = pointer.split("/");
  const steps = prefix.split("/").slice(0, -1);
  return steps.every((step, i) => field[i] === "*" || field[i] === step);
}

define("candor-field-note", CandorFieldNote);

declare global {
  interface HTMLElementTagNameMap {
    "candor-field-note": CandorFieldNote;
  }
}
