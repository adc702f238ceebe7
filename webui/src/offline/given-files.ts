/** The files that somebody gave the stand-alone page, and the core's inputs they make. */

import type { Input } from "@candor/core";
import { configurationDocuments, IsXml, Refused } from "@candor/core/configuration";

import type { ShownProblem } from "../elements/candor-problems.js";

export const ROLES = ["configuration", "facts", "scrape", "catalogue", "bundle", "check"] as const;
export type Role = (typeof ROLES)[number];

export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly role: Role;
  /** For an exposition: the component it is of, or RELEASE/COMPONENT. */
  readonly component: string;
}

export const MOST_FILES = 200;

/** What a file most likely is; whoever gave it may say otherwise. */
export function recognise(name: string, bytes: Uint8Array<ArrayBuffer>): GivenFile {
  const component = name.replace(/^scrape\./, "").replace(/\.(prom|txt|metrics)$/, "");
  return { name, bytes, role: roleOf(name, bytes), component };
}

function roleOf(name: string, bytes: Uint8Array): Role {
  if (/\.(prom|metrics|txt)$/.test(name)) return "scrape";
  if (/^candor-(report|history)\b/.test(name)) return "check";
  const start = new TextDecoder().decode(bytes.subarray(0, 4096));
  const first = /^\s*\{\s*"((?:[^"\\]|\\.)*)"/.exec(start)?.[1];
  const byKey: Readonly<Record<string, Role>> = {
    candorBundle: "bundle", candorHistory: "check", catalogue: "catalogue",
    values: "facts", licenseKey: "facts", collectedAt: "facts", usage: "facts", scrapes: "facts",
  };
  if (first === "catalogue" && !/^\s*\{\s*"catalogue"\s*:\s*\d/.test(start)) return "configuration";
  const known = first === undefined ? undefined : byKey[first];
  if (known !== undefined) return known;
  return /facts/i.test(name) ? "facts" : /catalogue/i.test(name) ? "catalogue" : /bundle/i.test(name) ? "bundle" : "configuration";
}

export type Made =
  | { readonly is: "nothing" }
  | { readonly is: "incomplete" }
  | { readonly is: "twice"; readonly role: Role }
  | { readonly is: "xml"; readonly name: string }
  | { readonly is: "problems"; readonly problems: readonly ShownProblem[] }
  | { readonly is: "bundle"; readonly bundle: Uint8Array<ArrayBuffer>; readonly mixed: boolean }
  | { readonly is: "inputs"; readonly inputs: readonly Input[] };

/** The inputs of one report, as `candor report` would give them to the core. */
export function makeInputs(files: readonly GivenFile[], profile: string): Made {
  const of = (role: Role): GivenFile[] => files.filter((file) => file.role === role);
  const used = files.filter(({ role }) => role !== "check");
  if (used.length === 0) return { is: "nothing" };
  for (const role of ["facts", "catalogue", "bundle"] as const) if (of(role).length > 1) return { is: "twice", role };
  const [bundle] = of("bundle");
  if (bundle !== undefined) return { is: "bundle", bundle: bundle.bytes, mixed: used.length > 1 };
  const [facts] = of("facts");
  if (facts === undefined || of("configuration").length === 0) return { is: "incomplete" };

  const inputs: Input[] = [];
  const problems: ShownProblem[] = [];
  for (const { name, bytes } of of("configuration")) {
    try {
      inputs.push(...configurationDocuments(name, bytes).map((document) => ({ name: `config:${name}`, bytes: document })));
    } catch (error) {
      if (error instanceof IsXml) return { is: "xml", name };
      if (!(error instanceof Refused)) throw error;
      problems.push(...error.problems.map(({ where, message, at }) => ({ source: name, where, message, ...at })));
    }
  }
  if (problems.length > 0) return { is: "problems", problems };
  inputs.push({ name: "environment", bytes: "{}" }, { name: `facts:${facts.name}`, bytes: facts.bytes });
  for (const { name, bytes, component } of of("scrape")) inputs.push({ name: `scrape:${component}=${name}`, bytes });
  for (const { name, bytes } of of("catalogue")) inputs.push({ name: `catalogue:${name}`, bytes });
  if (profile !== "") inputs.push({ name: "profile", bytes: profile });
  return { is: "inputs", inputs };
}
