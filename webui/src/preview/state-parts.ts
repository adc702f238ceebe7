/** What stands above the lines of a report: how far it is, and what the comparison said. */

import { html, nothing, type TemplateResult } from "lit";

import { formatNumber } from "../text/format.js";
import { texts } from "../text/index.js";
import type { Opened } from "./opened.js";

type Part = TemplateResult | typeof nothing;

export function stateOf(opened: Opened | undefined, goToLine: (line: number) => void): Part {
  const { preview, core } = texts();
  const quiet = (words: string): TemplateResult => html`<p role="status" class="quiet">${words}</p>`;
  switch (opened?.phase) {
    case undefined:
      return quiet(preview.nothing);
    case "waiting":
      return quiet(opened.source.absent === true ? preview.nothing : preview.loading);
    case "building":
      return quiet(preview.building);
    case "refused": {
      const { refusal } = opened;
      if (refusal !== undefined && "problems" in refusal) {
        return html`<candor-problems .problems=${refusal.problems} .suppressed=${refusal.suppressed}></candor-problems>`;
      }
      return bad(core.failed, refusal?.failure);
    }
    case "failed":
      return bad(opened.comparison?.state === "refused" ? core.refused : core.failed, opened.failure);
    case "shown":
      return html`${comparisonOf(opened, goToLine)}${scopeOf(opened)}`;
  }
}

function bad(words: string, failure: string | undefined): TemplateResult {
  return html`<div class="notice bad" role="alert"><strong>${words}</strong> ${failure}</div>`;
}

function comparisonOf({ comparison, source, failure }: Opened, goToLine: (line: number) => void): Part {
  const { preview } = texts();
  if (comparison === undefined) return nothing;
  const { state, at, line, pointer = "" } = comparison;
  const kind = state === "differs" || state === "refused" ? "bad" : state === "identical" || state === "unchanged" ? "good" : "";
  const where = at === undefined || line === undefined
    ? nothing
    : html` ${preview.firstDifference(formatNumber(at + 1), formatNumber(line + 1), pointer)}
        <button class="plain" @click=${() => goToLine(line)}>${preview.showThere}</button>`;
  return html`<div class="notice ${kind}" role=${kind === "bad" ? "alert" : "status"}>
    ${source.words?.[state] ?? preview.comparison[state]}${where}${state === "refused" ? html` ${failure}` : nothing}</div>`;
}

/** What is not in it. */
function scopeOf({ claims, source }: Opened): Part {
  const { preview } = texts();
  const hidden = claims?.hidden ?? [];
  const withheld = source.withhold?.length ?? claims?.withheld.length ?? 0;
  return html`
    ${hidden.length > 0 ? html`<p class="notice">${preview.hidden(hidden.join(", "))}</p>` : nothing}
    ${withheld > 0 ? html`<p class="quiet">${preview.withheld(withheld)}</p>` : nothing}`;
}
