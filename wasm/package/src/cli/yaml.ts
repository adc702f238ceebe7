/**
 * YAML, as far as it says the same as JSON; the only code that sees the library `yaml`. Scalars are
 * read as native/import/yaml.h says: `no` and `on` are strings, and a number in a form that JSON does
 * not know (`0x1F`, `007`, `.inf`) stays the text it is.
 */

import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, type Scalar, type YAMLMap } from "yaml";

import { type Position, type Problem, Refused } from "./problems.js";

interface Common {
  /** Where it starts in the text, in UTF-16 units. */
  readonly offset: number;
  /** Of the whole, with aliases expanded. */
  readonly nodes: number;
  readonly bytes: number;
  readonly height: number;
}

/** A value of JSON. What aliases repeat is shared. */
export type Value = Common &
  (
    | { readonly kind: "literal"; readonly json: string }
    | { readonly kind: "string"; readonly text: string; readonly block: boolean }
    | { readonly kind: "array"; readonly items: readonly Value[] }
    | { readonly kind: "object"; readonly members: readonly Member[] }
  );

export interface Member {
  readonly key: string;
  readonly value: Value;
}

const encoder = new TextEncoder();
const MAX_DEPTH = 100;
const MAX_NODES = 500_000;
const MAX_TEXT_BYTES = 32 * 2 ** 20;
const MAX_DOCUMENTS = 100;
const TAG_PREFIX = "tag:yaml.org,2002:";
const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;
const LITERALS: ReadonlyMap<string, string> = new Map([
  ...["", "~", "null", "Null", "NULL"].map((text) => [text, "null"] as const),
  ...["true", "True", "TRUE"].map((text) => [text, "true"] as const),
  ...["false", "False", "FALSE"].map((text) => [text, "false"] as const),
]);

/** Every document that holds something. Throws Refused. */
export function readYaml(text: string): Value[] {
  const documents = parse(text);
  const builder = new Builder(text);
  const values: Value[] = [];
  for (const document of documents) {
    if (document.contents !== null) values.push(builder.document(document.contents));
  }
  if (builder.problems.length > 0) throw new Refused(builder.problems);
  return values.filter((value) => value.kind !== "literal" || value.json !== "null");
}

export function find(value: Value, key: string): Value | undefined {
  return value.kind === "object" ? value.members.find((member) => member.key === key)?.value : undefined;
}

/** Compact JSON, keys in their order, numbers as they were typed. */
export function toJson(value: Value): string {
  switch (value.kind) {
    case "literal":
      return value.json;
    case "string":
      return JSON.stringify(value.text);
    case "array":
      return `[${value.items.map(toJson).join(",")}]`;
    case "object":
      return `{${value.members.map(({ key, value }) => `${JSON.stringify(key)}:${toJson(value)}`).join(",")}}`;
  }
}

export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: byteLength(before.slice(start)) + 1 };
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

function parse(text: string): Document[] {
  const refuse = (name: Problem["name"], message: string, offset: number): never => {
    throw new Refused([{ name, where: "", message, at: positionOf(text, offset) }]);
  };
  let documents: Document[] = [];
  try {
    // Failsafe: every scalar stays text, and this file says what it means.
    const options = { schema: "failsafe", resolveKnownTags: false, uniqueKeys: false, prettyErrors: false } as const;
    const parsed = parseAllDocuments(text, options);
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    refuse("over-limit", `is nested deeper than ${MAX_DEPTH}`, 0); // It ran out of stack.
  }
  // What follows the first error of a text is mostly its consequence.
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error !== undefined) refuse("malformed-yaml", `is not YAML: ${error.message}`, error.pos[0]);
  const extra = documents[MAX_DOCUMENTS]?.range?.[0];
  if (extra !== undefined) refuse("over-limit", `holds more than ${MAX_DOCUMENTS} documents`, extra);
  return documents;
}

class Builder {
  readonly problems: Problem[] = [];
  readonly #text: string;
  #anchors = new Map<string, Value>();
  #nodes = 0;
  #bytes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(contents: Node): Value {
    this.#anchors = new Map();
    return this.#value(contents, "", 0, 0);
  }

  /** `depth` containers stand around it; `near` is a place for what the text leaves out. */
  #value(node: unknown, where: string, depth: number, near: number): Value {
    if (isAlias(node)) {
      const offset = node.range?.[0] ?? near;
      const target = this.#anchored(node.source, where, offset);
      this.#charge(target.nodes, target.bytes, where, offset);
      if (depth + target.height > MAX_DEPTH) this.#tooDeep(where, offset);
      return target;
    }
    const value = this.#fresh(node, where, depth, near);
    // Known once it is complete, so nothing can hold itself.
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor) this.#anchors.set(node.anchor, value);
    return value;
  }

  #fresh(node: unknown, where: string, depth: number, near: number): Value {
    if (isScalar(node)) return this.#scalar(node, where, node.range?.[0] ?? near);
    if (!isMap(node) && !isSeq(node)) {
      this.#charge(1, 0, where, near);
      return { kind: "literal", json: "null", offset: near, nodes: 1, bytes: 0, height: 0 };
    }
    const offset = node.range?.[0] ?? near;
    if (node.tag !== undefined && node.tag !== "!" && node.tag !== TAG_PREFIX + (isMap(node) ? "map" : "seq")) {
      this.#badTag(node.tag, where, offset);
    }
    if (depth >= MAX_DEPTH) this.#tooDeep(where, offset);
    this.#charge(1, 0, where, offset);
    if (isMap(node)) return this.#map(node, where, depth, offset);
    const items = node.items.map((item, i) => this.#value(item, `${where}/${i}`, depth + 1, offset));
    return { kind: "array", items, offset, ...sum(items, 0) };
  }

  #map(node: YAMLMap, where: string, depth: number, offset: number): Value {
    const members: Member[] = [];
    const seen = new Set<string>();
    let bytes = 0;
    for (const pair of node.items) {
      const { key, at } = this.#key(pair.key, where, offset);
      bytes += byteLength(key);
      const step = `${where}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (seen.has(key)) {
        const message = `'${key}' stands twice in one mapping`;
        this.problems.push({ name: "duplicate-key", where: step, message, at: positionOf(this.#text, at) });
      }
      seen.add(key);
      members.push({ key, value: this.#value(pair.value, step, depth + 1, at) });
    }
    return { kind: "object", members, offset, ...sum(members.map(({ value }) => value), bytes) };
  }

  #key(node: unknown, where: string, near: number): { key: string; at: number } {
    let key: string | undefined;
    let at = near;
    if (isAlias(node)) {
      at = node.range?.[0] ?? near;
      const target = this.#anchored(node.source, where, at);
      if (target.kind === "string") key = target.text;
    } else if (isScalar(node)) {
      at = node.range?.[0] ?? near;
      key = textOf(node);
      if (node.anchor) this.#anchors.set(node.anchor, { kind: "string", text: key, block: false, offset: at, nodes: 1, bytes: 0, height: 0 });
    } else if (node === null) {
      key = "";
    }
    if (key === undefined) return this.#stop("malformed-yaml", "has a key that is no text", where, at);
    this.#charge(1, byteLength(key), where, at);
    return { key, at };
  }

  #scalar(node: Scalar, where: string, offset: number): Value {
    const text = textOf(node);
    const bytes = byteLength(text);
    this.#charge(1, bytes, where, offset);
    const common = { offset, nodes: 1, bytes, height: 0 };
    const string: Value = { kind: "string", text, block: node.type === "BLOCK_LITERAL", ...common };
    const { tag } = node;
    if (tag === "!" || tag === `${TAG_PREFIX}str` || (tag === undefined && node.type !== "PLAIN")) return string;
    const json = LITERALS.get(text) ?? (JSON_NUMBER.test(text) ? text : undefined);
    if (json === undefined && tag === undefined) return string;
    if (json === undefined || (tag !== undefined && !tagsOf(json).includes(tag))) this.#badTag(tag ?? "", where, offset);
    return { kind: "literal", json: json ?? "", ...common };
  }

  #anchored(name: string, where: string, offset: number): Value {
    const message = `names the anchor '${name}', which no complete node before has`;
    return this.#anchors.get(name) ?? this.#stop("malformed-yaml", message, where, offset);
  }

  #charge(nodes: number, bytes: number, where: string, offset: number): void {
    this.#nodes += nodes;
    this.#bytes += bytes;
    const more = this.#nodes > MAX_NODES ? `${MAX_NODES} values` : `${MAX_TEXT_BYTES} bytes of text`;
    if (this.#nodes > MAX_NODES || this.#bytes > MAX_TEXT_BYTES) {
      this.#stop("over-limit", `holds more than ${more}, those that aliases repeat included`, where, offset);
    }
  }

  #tooDeep(where: string, offset: number): never {
    return this.#stop("over-limit", `is nested deeper than ${MAX_DEPTH}`, where, offset);
  }

  #badTag(tag: string, where: string, offset: number): never {
    return this.#stop("malformed-yaml", `has the tag '${tag}', which JSON cannot express; remove it`, where, offset);
  }

  #stop(name: Problem["name"], message: string, where: string, offset: number): never {
    throw new Refused([...this.problems, { name, where, message, at: positionOf(this.#text, offset) }]);
  }
}

function textOf(node: Scalar): string {
  return node.source ?? String(node.value ?? "");
}

function tagsOf(json: string): string[] {
  if (json === "null") return [`${TAG_PREFIX}null`];
  return json === "true" || json === "false" ? [`${TAG_PREFIX}bool`] : [`${TAG_PREFIX}int`, `${TAG_PREFIX}float`];
}

function sum(values: readonly Value[], bytes: number): Pick<Common, "nodes" | "bytes" | "height"> {
  let nodes = 1;
  let height = 0;
  for (const value of values) {
    nodes += value.nodes;
    bytes += value.bytes;
    height = Math.max(height, value.height);
  }
  return { nodes, bytes, height: height + 1 };
}
