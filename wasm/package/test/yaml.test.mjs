// YAML and ConfigMaps: candor-core and candor read the same from the same file.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const program = join(root, "wasm/package/bin/candor-core.mjs");
const native = process.env.CANDOR_NATIVE ?? join(root, "build/native/native/cli/candor");
const noNative = existsSync(native) ? false : `no native program at ${native}`;
const folder = mkdtempSync(join(tmpdir(), "candor-yaml-"));
after(() => rmSync(folder, { recursive: true }));

function file(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function run(command, words, env = {}) {
  const { status, stdout, stderr } = spawnSync(command, words, { env: { PATH: process.env.PATH, ...env } });
  return { status, out: stdout.toString(), err: stderr.toString() };
}
const core = (words, env) => run(process.execPath, [program, ...words], env);
const both = (words, env) => [core(words, env), run(native, words, env)];

// Origins name places, which in candor-core are those of the JSON.
function withoutOrigins(text) {
  const { origins, ...settings } = JSON.parse(text);
  return settings;
}

function assertSameConfig(path, env) {
  const [ours, theirs] = both(["config", path], env);
  assert.equal(ours.status, theirs.status, ours.err + theirs.err);
  if (theirs.status === 0) assert.deepEqual(withoutOrigins(ours.out), withoutOrigins(theirs.out));
}

for (const name of ["application.yaml", "configmap.yaml", "service-config.yaml"]) {
  test(`reads ${name} as the native program does`, { skip: noNative }, () => {
    assertSameConfig(join(root, "tests/native/fixtures", name), { CAMUNDA_CONSOLE_INSTALLATIONID: "one", OTHER: "x" });
  });
}

const helm = process.env.CANDOR_CORPORA && join(process.env.CANDOR_CORPORA, "../data/helm");
const goldens = helm && existsSync(helm) ? readdirSync(helm).filter((name) => name.includes("configmap-golden")) : [];
test("reads the charts' ConfigMaps as the native program does", { skip: noNative || (goldens.length ? false : "no charts beside CANDOR_CORPORA") }, () => {
  for (const name of goldens) {
    assertSameConfig(join(helm, name), { CAMUNDA_CONSOLE_CUSTOMERID: "a", CAMUNDA_CONSOLE_INSTALLATIONID: "b" });
  }
});

test("lays the override of a ConfigMap over its configuration", () => {
  const { status, out } = core(["config", join(root, "tests/native/fixtures/configmap.yaml")]);
  assert.equal(status, 0);
  assert.match(out, /from-override/);
});

const LAUGHS = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"].map((name, i) => {
  const before = "abcdefg"[i];
  return `${name}: &${name} [${Array(10).fill(`*${before}`).join(",")}]`;
}).join("\n")}\n`;
const MAP = "apiVersion: v1\nkind: ConfigMap\n";
for (const [claim, content, name, place] of [
  ["a syntax error", 'a: 1\nb: "x\n', "malformed-yaml"],
  ["a duplicate key", "camunda:\n  console: {}\n  console: {}\n", "duplicate-key", [3, 3]],
  ["a key that is no text", "[a]: 1\n", "malformed-yaml", [1, 1]],
  ["an unknown anchor", "a: *b\n", "malformed-yaml", [1, 4]],
  ["an anchor inside itself", "a: &a [*a]\n", "malformed-yaml", [1, 8]],
  ["a tag JSON cannot express", "a: !!binary eA==\n", "malformed-yaml"],
  ["a tag that lies", "a: !!int x\n", "malformed-yaml"],
  ["a billion laughs", LAUGHS, "over-limit"],
  ["a deep nest", `a: ${"[".repeat(150)}${"]".repeat(150)}\n`, "over-limit"],
  ["several documents", "a: 1\n---\nb: 2\n", "conflict", [1, 1]],
  ["a Kubernetes object that is no ConfigMap", "apiVersion: v1\nkind: Service\n", "missing"],
  ["a ConfigMap with a number for a file", `${MAP}data:\n  application.yaml: 5\n`, "wrong-type", [4, 21]],
  ["a duplicate key inside a ConfigMap", `${MAP}data:\n  application.yaml: |\n    a: 1\n    a: 2\n`, "duplicate-key", [6, 5]],
  ["two configurations", `${MAP}data:\n  application.yaml: ""\n  application.yml: ""\n`, "conflict"],
  ["an empty file", "\n", "missing"],
]) {
  test(`refuses ${claim} as the native program does`, () => {
    const path = file(`${claim.replaceAll(" ", "-")}.yaml`, content);
    const ours = core(["config", "--json", path]);
    assert.deepEqual([ours.status, ours.out], [2, ""], ours.err);
    const [problem] = JSON.parse(ours.err).problems;
    assert.deepEqual([problem.name, problem.source], [name, path]);
    if (place) assert.deepEqual([problem.line, problem.column], place);
    if (noNative) return;
    const theirs = run(native, ["config", "--json", path]);
    assert.equal(theirs.status, 2);
    const [twin] = JSON.parse(theirs.err).problems;
    assert.deepEqual([problem.code, problem.name, problem.where], [twin.code, twin.name, twin.where]);
    assert.deepEqual(Object.keys(problem), Object.keys(twin));
    if (place) assert.deepEqual([problem.line, problem.column], [twin.line, twin.column]);
  });
}

test("names the file, line and column of a syntax error", () => {
  const path = file("cut.yaml", "a: 1\nb: ]\n");
  const { status, err } = core(["validate", path]);
  assert.equal(status, 2);
  assert.ok(err.startsWith(`${path}:2:4: `), err);
});

test("keeps words and odd numbers as the text they are", () => {
  const text = "a: [yes, no, on, off, 007, 0x1F, .inf, 1_000, +5, 0o7]\nb: [1.50, 1e400, ~, True, 'null', !!str 5, <<]\n<<: {x: 1}\n";
  return import("../dist/cli/yaml.js").then(({ readYaml, toJson }) => {
    assert.equal(
      readYaml(text).map(toJson).join(),
      '{"a":["yes","no","on","off","007","0x1F",".inf","1_000","+5","0o7"],' +
        '"b":[1.50,1e400,null,true,"null","5","<<"],"<<":{"x":1}}',
    );
  });
});

test("sends XML to the native program", () => {
  const { status, err } = core(["config", join(root, "tests/native/fixtures/bpm-platform.xml")]);
  assert.equal(status, 1);
  assert.match(err, /candor config/);
});

test("reads a ConfigMap that kubectl printed as JSON", () => {
  const map = { apiVersion: "v1", kind: "ConfigMap", data: { "application.yaml": "camunda:\n  console:\n    customerId: kube\n" } };
  const { status, out, err } = core(["config", file("map.json", JSON.stringify(map))]);
  assert.equal(status, 0, err);
  assert.match(out, /kube/);
});
