/**
 * What of a catalogue may be withheld, as choices for people, and the scope ids that say so
 * (core/scope.h): "/product/version", "/dataPoints#jvm_info@operate".
 */

import type { Catalogue, CatalogueField, PointRule } from "../core/catalogue.js";

/** One thing that can be withheld by itself. */
export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly why: string;
  readonly since: string;
  /** Says something about the customer: a licence's data. */
  readonly business: boolean;
}

export interface ChoiceGroup {
  readonly kind: "general" | "environment" | "usage" | "component" | "counts";
  /** The component's id as reported; "*" for keys of any component. For `kind` component only. */
  readonly component: string;
  readonly choices: readonly Choice[];
}

/** Groups that are empty are left out. */
export function choicesOf(catalogue: Catalogue): readonly ChoiceGroup[] {
  const groups = new Map<string, { kind: ChoiceGroup["kind"]; component: string; choices: Choice[] }>();
  const add = (kind: ChoiceGroup["kind"], component: string, choice: Choice): void => {
    const name = `${kind} ${component}`;
    const group = groups.get(name) ?? { kind, component, choices: [] };
    group.choices.push(choice);
    groups.set(name, group);
  };
  for (const field of catalogue.fields) {
    if (field.withhold !== true) continue;
    if (field.points === undefined) add(field.group ?? "general", "", choiceOf(field.pointer, field));
    for (const point of field.points ?? []) {
      const id = `${field.pointer}#${point.key}`;
      if (point.components === undefined) add("counts", "", choiceOf(id, point));
      for (const component of point.components ?? []) {
        add("component", component, choiceOf(`${id}@${component}`, point));
      }
    }
  }
  return [...groups.values()];
}

function choiceOf(id: string, words: CatalogueField | PointRule): Choice {
  const { title = id, description = "", why = "", since = "" } = words;
  return { id, title, description, why, since, business: "sensitivity" in words && words.sensitivity === "business" };
}

/** Whether an id takes `choice` with it: its own, or one that `choice` stands beneath. */
export function takes(id: string, choice: string): boolean {
  if (id === choice) return true;
  if (!choice.startsWith(id)) return false;
  const next = choice[id.length];
  return next === "/" || (next === "#" && !id.includes("#")) || (next === "@" && id.includes("#"));
}

/** The choices that `ids` take away; ids that are finer than a choice (labels) take none. */
export function withheldChoices(groups: readonly ChoiceGroup[], ids: readonly string[]): Set<string> {
  const withheld = new Set<string>();
  for (const { choices } of groups) {
    for (const { id } of choices) if (ids.some((taken) => takes(taken, id))) withheld.add(id);
  }
  return withheld;
}

/** Ids that stand for no choice of the page, such as one label of a metric: they are kept as they are. */
export function finerIds(groups: readonly ChoiceGroup[], ids: readonly string[]): readonly string[] {
  return ids.filter((id) => !groups.some(({ choices }) => choices.some((choice) => takes(id, choice.id))));
}

/** The shortest list of ids that takes exactly `chosen`: whole fields and keys where all of them go. */
export function idsFor(groups: readonly ChoiceGroup[], chosen: ReadonlySet<string>): readonly string[] {
  const all = groups.flatMap(({ choices }) => choices.map(({ id }) => id));
  const isWhole = (parent: string): boolean => all.every((id) => !takes(parent, id) || chosen.has(id));
  const ids = new Set<string>();
  for (const id of all) {
    if (!chosen.has(id)) continue;
    const field = id.split("#")[0] ?? id;
    const key = id.split("@")[0] ?? id;
    ids.add(id === field ? id : isWhole(field) ? field : isWhole(key) ? key : id);
  }
  return [...ids].sort();
}

/** What the catalogue says of a scope id, for people; nothing when it does not know it. */
export function describe(catalogue: Catalogue, id: string): (Choice & { readonly mayWithhold: boolean }) | undefined {
  const [pointer = "", rest] = id.split("#");
  const field = catalogue.fields.find((candidate) => candidate.pointer === pointer);
  if (field === undefined) return undefined;
  const mayWithhold = field.withhold === true;
  const key = rest?.split("@")[0]?.split(":")[0];
  const point = field.points?.find((candidate) => candidate.key === key);
  if (rest !== undefined && point === undefined) return undefined;
  return { ...choiceOf(id, point ?? field), mayWithhold };
}
