/** Kubernetes ConfigMaps, as Helm charts render them: the rules are those of native/import/config_map.h. */

import { NOWHERE, type Position, type Problem, Refused } from "./problems.js";
import { find, positionOf, readYaml, toJson, type Value } from "./yaml.js";

const FILES = ["application.yaml", "application.yml", "environment-config.yaml"];
const OVERRIDE = "application-override.yaml";

/** The configurations of a YAML file as JSON, to be laid over each other. Throws Refused. */
export function readYamlConfiguration(text: string): string[] {
  const documents = readYaml(text);
  const [first, ...more] = documents;
  if (first === undefined) return ["{}"]; // A file with nothing but comments says nothing.
  if (more.length === 0) return configurationsOf(first, text);
  const several = "holds several YAML documents that are no Kubernetes objects; keep one in a file";
  const found: Value[] = [];
  for (const document of documents) {
    const at = positionOf(text, document.offset);
    if (!isKubernetesObject(document)) refuse("conflict", "", several, at);
    if (!holdsConfiguration(document)) continue;
    if (found.length > 0) refuse("conflict", "", "holds a second ConfigMap with a configuration; keep one of them", at);
    found.push(document);
  }
  if (found[0] !== undefined) return configurationsOf(found[0], text);
  return refuse("missing", "", "holds no ConfigMap with application.yaml among its Kubernetes objects", NOWHERE);
}

/** The same for a file of JSON that kubectl printed; nothing for any other JSON. Throws Refused. */
export function readJsonConfigMap(text: string): string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null || !("apiVersion" in parsed && "kind" in parsed)) return undefined;
  } catch {
    return undefined; // The core says what is wrong.
  }
  const [document] = readYaml(text); // JSON is YAML.
  return document === undefined ? undefined : configurationsOf(document, text);
}

function isKubernetesObject(document: Value): boolean {
  return find(document, "apiVersion") !== undefined && find(document, "kind") !== undefined;
}

function holdsConfiguration(document: Value): boolean {
  const kind = find(document, "kind");
  const data = find(document, "data");
  const isConfigMap = kind?.kind === "string" && kind.text === "ConfigMap";
  return isConfigMap && data !== undefined && FILES.some((file) => find(data, file) !== undefined);
}

function configurationsOf(document: Value, text: string): string[] {
  if (!isKubernetesObject(document)) return [toJson(document)];
  const data = find(document, "data");
  if (data === undefined || !holdsConfiguration(document)) {
    const message = "is no ConfigMap with application.yaml; a Kubernetes object must be one";
    return refuse("missing", "/data", message, positionOf(text, document.offset));
  }
  const problems: Problem[] = [];
  const layers = FILES.flatMap((file) => layerOf(data, file, text, problems));
  if (layers.length > 1) {
    refuse("conflict", "/data", "holds several configurations; keep one", positionOf(text, data.offset));
  }
  layers.push(...layerOf(data, OVERRIDE, text, problems));
  if (problems.length > 0) throw new Refused(problems);
  return layers;
}

/** The configuration in the file `key` of a ConfigMap's data, if it has that file. */
function layerOf(data: Value, key: string, text: string, problems: Problem[]): string[] {
  const file = find(data, key);
  if (file === undefined) return [];
  const where = `/data/${key}`;
  if (file.kind !== "string") {
    const at = positionOf(text, file.offset);
    problems.push({ name: "wrong-type", where, message: "must be a string that holds YAML", at });
    return [];
  }
  const outer = outerPlaces(file, text);
  try {
    const [inner, second] = readYaml(file.text);
    if (second === undefined) return [inner === undefined ? "{}" : toJson(inner)];
    const at = outer(positionOf(file.text, second.offset));
    problems.push({ name: "conflict", where, message: "holds several YAML documents; keep one", at });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    problems.push(...error.problems.map((problem) => ({ ...problem, at: outer(problem.at) })));
  }
  return [];
}

/** How places in a text inside the file become places in the file. */
function outerPlaces(scalar: Value & { kind: "string" }, text: string): (inner: Position) => Position {
  const at = positionOf(text, scalar.offset);
  const innerLines = scalar.text.split("\n");
  const first = innerLines.findIndex((line) => line.trim() !== "");
  if (!scalar.block || first < 0) return () => at;
  const outerLine = text.split("\n")[at.line + first] ?? "";
  const indent = Math.max(0, outerLine.search(/[^ ]/)) - (innerLines[first] ?? "").search(/[^ ]/);
  return ({ line, column }) => ({ line: at.line + line, column: indent + column });
}

function refuse(name: Problem["name"], where: string, message: string, at: Position): never {
  throw new Refused([{ name, where, message, at }]);
}
