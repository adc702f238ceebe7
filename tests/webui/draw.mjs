// Varied installations for the campaign, drawn from a seed: what a product may state, count and
// expose, in all the characters that JSON allows, and what an administrator may leave out.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./browser.mjs";

const GOLDEN = 0x9e3779b97f4a7c15n;
const wrap = (number) => BigInt.asUintN(64, number);

/** splitmix64's last step: from any number, one that shows nothing of it. */
function mix(number) {
  const once = wrap((number ^ (number >> 30n)) * 0xbf58476d1ce4e5b9n);
  const twice = wrap((once ^ (once >> 27n)) * 0x94d049bb133111ebn);
  return twice ^ (twice >> 31n);
}

export class Draw {
  constructor(seed) {
    // Mixed: else the seed after this one would draw the same, one draw later.
    this.state = mix(wrap(BigInt(seed) + GOLDEN));
  }

  /** An integer in [0, below). */
  below(below) {
    this.state = wrap(this.state + GOLDEN);
    return Number(mix(this.state) % BigInt(below));
  }

  maybe(oneIn) {
    return this.below(oneIn) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  some(list, most) {
    const left = [...list];
    return Array.from({ length: Math.min(this.below(most + 1), left.length) }, () => left.splice(this.below(left.length), 1)[0]);
  }

  uuid() {
    const hex = Array.from({ length: 32 }, () => this.below(16).toString(16));
    hex[12] = "4";
    hex[16] = this.pick(["8", "9", "a", "b"]);
    return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  count() {
    return this.pick([0, 1, this.below(10), this.below(1000), this.below(2 ** 31), Number.MAX_SAFE_INTEGER - this.below(9)]);
  }

  /** A text of 1 to `most` bytes of UTF-8, from plain words to what only JSON's escapes can carry. */
  text(most = 1024) {
    const kind = this.below(8);
    if (kind < 3) return this.pick(WORDS);
    const wanted = kind === 3 ? most : 1 + this.below(kind === 4 ? most : 40);
    let made = "";
    for (let left = wanted; left > 0; ) {
      const next = kind === 3 && !this.maybe(20) ? this.pick(["a", " ", "ü", "語"]) : this.pick(LETTERS);
      left -= Buffer.byteLength(next);
      if (left < 0) break;
      made += next;
    }
    return made === "" ? "x" : made;
  }
}

const WORDS = [
  "PostgreSQL", "15.4 (Debian 15.4-1)", "Wildfly", "H2", "Eclipse Adoptium", "7.21.0", "enterprise",
  "Müller & Söhne <GmbH>", "株式会社カムンダ", "🦜 parrot 👩‍👩‍👧‍👦", "مرحبا\u200f(1)", "Zalgo z\u0351\u036b\u0343", "</script><script>alert(1)</script>",
  "constructor", "__proto__", "null", "-0", "5.36870912E8", "\\u0041", "%s%n{0}${jndi:ldap://x/}", "\u2028line\u2029paragraph\ufeff",
];
const LETTERS = [
  ..."abc XYZ09-_./", '"', "\\", "/", "\b", "\f", "\n", "\r", "\t", "\u0001", "\u001f", "\u007f", "\u0085", "\u00a0", "\u00ad",
  "ß", "é", "ё", "\u0301", "\u200d", "\u200e", "\u202e", "\u2028", "\u2029", "\ufeff", "\uffff", "語", "한", "😀", "\u{10ffff}", "<", ">", "&", "'", "`",
];

const catalogueOf = (name) => JSON.parse(readFileSync(join(root, `core/catalogues/${name}.json`), "utf8"));
export const catalogues = Object.fromEntries(["engine", "optimize", "console"].map((name) => [name, catalogueOf(name)]));

/** Scope ids that may be withheld: fields of the form, keys of data points, and those of one component. */
export function withholdable({ fields, profiles = [] }, profile) {
  const order = profiles.find(({ name }) => name === profile)?.order;
  const isSent = (pointer) => order === undefined || order.some((place) => `${pointer}/`.startsWith(`${place}/`));
  return fields.flatMap(({ pointer, withhold, points = [] }) => {
    if (withhold !== true || !isSent(pointer)) return [];
    if (points.length === 0) return [pointer];
    return points.flatMap(({ key, components = [] }) => [`${pointer}#${key}`, ...components.map((component) => `${pointer}#${key}@${component}`)]);
  });
}

const PROFILES = [undefined, undefined, "7.14", "7.15", "7.17", "7.19"];
const PRODUCTS = ["engine", "engine", "optimize", "console"];

/** An installation's beginning: what does not change as it goes on. */
export function drawProduct(draw) {
  const name = draw.pick(PRODUCTS);
  return { name, profile: name === "engine" ? draw.pick(PROFILES) : undefined };
}

const put = (object, pointer, value) => {
  const steps = pointer.slice(1).split("/");
  const last = steps.pop();
  let at = object;
  for (const step of steps) at = at[step] ??= {};
  at[last] = value;
};

/** The values of a facts file for a product. */
export function drawFacts(draw, name) {
  const values = {};
  const text = (pointer, most) => put(values, pointer, draw.text(most));
  const perhaps = (pointer, most) => draw.maybe(3) || text(pointer, most);
  if (name === "console") return values;
  text("/product/name");
  text("/product/version");
  text("/product/edition");
  perhaps("/product/internals/database/vendor");
  perhaps("/product/internals/database/version");
  drawLicense(draw, values, name);
  if (name === "optimize") {
    if (!draw.maybe(3)) put(values, "/product/internals/engine-installation-ids", Array.from({ length: draw.below(9) }, () => draw.maybe(3) ? draw.text(64) : draw.uuid()));
    return values;
  }
  for (const part of ["application-server", "jdk"]) for (const key of ["vendor", "version"]) perhaps(`/product/internals/${part}/${key}`);
  for (const list of ["camunda-integration", "webapps"]) {
    if (!draw.maybe(3)) put(values, `/product/internals/${list}`, Array.from({ length: draw.below(7) }, () => draw.text(300)));
  }
  if (draw.maybe(3)) put(values, "/product/internals/data-collection-start-date", "2026-11-20T08:00:00.125+01:00");
  return values;
}

function drawLicense(draw, values, name) {
  if (draw.maybe(2)) return;
  const at = "/product/internals/license-key";
  put(values, `${at}/customer`, draw.text());
  put(values, `${at}/type`, draw.pick(["UNIFIED", draw.text(50)]));
  put(values, `${at}/unlimited`, draw.maybe(2));
  put(values, `${at}/valid-until`, `20${10 + draw.below(80)}-0${1 + draw.below(9)}-1${draw.below(10)}`);
  const features = ["camundaBPM", "optimize", "cawemo"];
  if (name === "engine") features.push("_x.y-z", "toString");
  for (const feature of draw.some(features, 5)) put(values, `${at}/features/${feature}`, draw.text(100));
  if (draw.maybe(2)) put(values, `${at}/raw`, `customer = ${draw.text(60).replace(/[;=\p{C}\p{Z}]/gu, "-")}; expiryDate = 2025-01-01; optimize = true;`);
}

const COMMANDS = ["StartProcessInstanceCmd", "FetchExternalTasksCmd", "DeployCmd", "GetDeploymentResourceCmd", "_x$1", "constructor", "toString"];
const METRICS = ["root-process-instance-start", "activity-instance-start", "executed-decision-instances", "executed-decision-elements", "process-instances", "flow-node-instances", "decision-instances"];

/** Counts to add, as `candor count` takes them: [["commands/X", "3"], ...]. */
export function drawCounts(draw) {
  const commands = draw.some(COMMANDS, 5).map((name) => `commands/${name}`);
  const metrics = draw.some(METRICS, 5).map((name) => `metrics/${name}`);
  return [...commands, ...metrics].map((name) => [name, String(1 + draw.below(draw.pick([3, 1000, 2 ** 40])))]);
}

/** Expositions of the Console's components, by id. */
export function drawExposition(draw, id) {
  const keys = catalogues.console.fields.find(({ points }) => points).points.filter(({ kind, components }) =>
    kind === undefined && (components ?? []).some((one) => one === id || one === "*"));
  const label = (text) => text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n").replace(/[\0\r]/g, " ");
  const lines = ["# a comment: ünïcode"];
  for (const { key, labels = [] } of draw.some(keys, 12)) {
    lines.push(`# HELP ${key} ${draw.text(60).replace(/[\\\n\r\0]/g, " ")}`, `# TYPE ${key} gauge`);
    const rows = labels.length === 0 ? 1 : 1 + draw.below(6);
    for (let row = 0; row < rows; row++) {
      const pairs = labels.filter((_, i) => i > 0 || rows > 1 || !draw.maybe(3)).map((name, i) => `${name}="${i === 0 ? `${row}-` : ""}${label(draw.text(120))}"`);
      pairs.push('unnamed="never leaves"');
      lines.push(`${key}{${pairs.join(",")}} ${draw.pick(NUMBERS)}`);
    }
  }
  lines.push("not_in_the_catalogue 1");
  return `${lines.join("\n")}\n`;
}

const NUMBERS = ["0", "1", "-1", "5.36870912E8", "1e-9", "NaN", "+Inf", "-Inf", "0.1", "123456789012345678", "1.7976931348623157e308", "-0", "3.00"];

/** What is left out: nothing, a few, or most. */
export function drawWithheld(draw, catalogue, profile) {
  const all = withholdable(catalogue, profile);
  return draw.some(all, draw.pick([0, 2, 5, all.length])).sort();
}

/** The catalogue after the product's next version: further fields, one of which may be withheld. */
export function grow(catalogue, round) {
  const like = catalogue.fields.find(({ withhold, type }) => withhold === true && type === "string");
  if (like === undefined) return undefined;
  const made = [true, false].map((withhold) => ({
    ...like, pointer: `/product/internals/grown${round}${withhold ? "a" : "b"}`, title: `Grown ${round}`, withhold, since: `9.${round}`,
    group: "environment", example: "x",
  }));
  for (const field of made) if (!field.withhold) delete field.withhold;
  return { ...catalogue, fields: [...catalogue.fields, ...made] };
}
