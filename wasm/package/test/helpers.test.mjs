// buildReport, validate and digest against the golden cases.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { buildReport, digest, ProblemsError, validate } from "@candor/core";
import { loadPackagedCore } from "@candor/core/node";

const core = await loadPackagedCore();
const golden = (path) => readFileSync(new URL(`../../../tests/golden/${path}`, import.meta.url));
const named = (path) => ({ name: path, bytes: golden(path) });

test("buildReport gives the golden report", () => {
  const configurations = [named("engine-seed-001/config.json")];
  const report = buildReport(core, { configurations, facts: named("engine-seed-001/facts.json") });
  assert.deepEqual(Buffer.from(report), golden("engine-seed-001/report.json"));
});

test("buildReport reads scrapes by component", () => {
  const folder = "console-helm-8.5";
  const scrapes = ["operate", "optimize", "tasklist"].map((name) => ({ name, bytes: golden(`${folder}/scrape.${name}.prom`) }));
  const request = { configurations: [named(`${folder}/config.json`)], facts: named(`${folder}/facts.json`), scrapes };
  assert.deepEqual(Buffer.from(buildReport(core, request)), golden(`${folder}/report.json`));
});

test("buildReport throws the problems", () => {
  const configurations = [named("engine-seed-001/config.json")];
  assert.throws(
    () => buildReport(core, { configurations, facts: { name: "facts.json", bytes: "{" } }),
    (error) => error instanceof ProblemsError && error.problems[0].name === "malformed-json" && error.problems[0].source === "facts.json",
  );
});

test("validate gives every problem, or none", () => {
  assert.deepEqual(validate(core, { configurations: [named("engine-seed-001/config.json")] }), []);
  const [problem] = validate(core, { configurations: [{ name: "cut.json", bytes: '{"a":' }] });
  assert.deepEqual([problem.code, problem.name, problem.source, problem.line], [1, "malformed-json", "cut.json", 1]);
});

test("digest is the SHA-256", () => {
  assert.equal(digest(core, "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
