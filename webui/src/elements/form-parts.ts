/** Fields and their errors, as the forms of the page need them. */

import { html, nothing, type TemplateResult } from "lit";

import type { ProblemError } from "../api/problem.js";
import type { Texts } from "../text/index.js";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "password";
  readonly autocomplete: AutoFill;
  readonly hint?: string;
  readonly error?: string | undefined;
}

export function field({ name, label, type = "text", autocomplete, hint, error }: Field): TemplateResult {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(" ");
  return html`
    <div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} name=${name} type=${type} autocomplete=${autocomplete} autocapitalize="none"
        spellcheck="false" required maxlength="1024"
        aria-invalid=${error ? "true" : "false"} aria-describedby=${described || nothing}>
      ${hint ? html`<span class="small quiet" id="${name}-hint">${hint}</span>` : nothing}
      ${error ? html`<span class="bad-text" id="${name}-error">${error}</span>` : nothing}
    </div>
  `;
}

/** The text of a form's field. */
export function textOf(form: HTMLFormElement, name: string): string {
  const input = form.elements.namedItem(name);
  return input instanceof HTMLInputElement || input instanceof HTMLSelectElement ? input.value : "";
}

/** Whether, and how, the server refuses one member of what was sent. */
export function errorAt(problem: ProblemError | undefined, pointer: string, { setup, account }: Texts): string | undefined {
  const details = problem?.errors.filter((error) => error.pointer === pointer) ?? [];
  if (details.length === 0) return undefined;
  switch (pointer) {
    case "/name":
      return problem?.status === 409 ? setup.takenName : setup.refusedName;
    case "/password":
    case "/new":
      return setup.refusedPassword;
    case "/old":
      return account.wrongOld;
    default:
      return details.map(({ detail }) => detail).join(" ");
  }
}

/** Puts the focus where something has to be changed. */
export function focusFirstInvalid(root: ParentNode): void {
  root.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
