/** `<candor-problems>`: every problem of an input, with its place. */

import { css, html, nothing, type TemplateResult } from "lit";

import { CandorElement, define } from "./candor-element.js";

export interface ShownProblem {
  readonly source?: string;
  readonly where?: string;
  /** From 1; 0 where there is no place. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

export class CandorProblems extends CandorElement {
  static override properties = { problems: { attribute: false }, suppressed: { type: Number } };
  static override styles = [CandorElement.styles, css`
    ol { margin: 0.5rem 0 0; padding-inline-start: 1.5rem; }
    li { margin-block: 0.25rem; overflow-wrap: anywhere; }
  `];

  declare problems: readonly ShownProblem[];
  /** How many more there are that are not told. */
  declare suppressed: number;

  constructor() {
    super();
    this.problems = [];
    this.suppressed = 0;
  }

  override render(): TemplateResult | typeof nothing {
    const { core } = this.t;
    if (this.problems.length === 0) return nothing;
    const more = this.suppressed > 0 ? html`<p class="quiet">${core.moreProblems(this.suppressed)}</p>` : nothing;
    return html`
      <div class="notice bad" role="alert">
        <strong>${core.problems(this.problems.length + this.suppressed)}</strong>
        <ol>${this.problems.map((problem) => html`<li>${place(problem)} ${problem.message}</li>`)}</ol>
        ${more}
      </div>`;
  }
}

function place({ source = "", where = "", line = 0, column = 0 }: ShownProblem): TemplateResult {
  const at = [source, ...(line > 0 ? [line, column] : [])].filter((part) => part !== "").join(":");
  return html`<code>${at}${at !== "" && where !== "" ? " " : ""}${where}</code>`;
}

define("candor-problems", CandorProblems);

declare global {
  interface HTMLElementTagNameMap {
    "candor-problems": CandorProblems;
  }
}
