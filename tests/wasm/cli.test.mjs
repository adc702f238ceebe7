// candor-core as a program: words, options, standard input and output, exit statuses.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../wasm/package/bin/candor-core.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "candor-core-"));
after(() => rmSync(folder, { recursive: true }));

function file(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function run(words, input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { input });
  return { status, out: stdout.toString(), err: stderr.toString() };
}

test("takes a file or standard input", () => {
  const path = file("abc.txt", "abc");
  const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.deepEqual(run(["digest", path]), { status: 0, out: `${digest}  ${path}\n`, err: "" });
  assert.deepEqual(run(["digest", "-"], "abc"), { status: 0, out: `${digest}  -\n`, err: "" });
});

test("exits with 2 when the input is refused", () => {
  const refused = run(["check-json", "-", "--json"], '{"a": 1,}');
  assert.deepEqual([refused.status, refused.out], [2, ""]);
  assert.equal(JSON.parse(refused.err).problems[0].name, "malformed-json");
});

for (const [claim, words] of [
  ["without a command", []],
  ["at an unknown command", ["bogus"]],
  ["at an unknown verb", ["catalogue", "bogus"]],
  ["at an unknown option", ["digest", "--bogus", "-"]],
  ["at another command's option", ["digest", "--profile", "7.14", "-"]],
  ["at too many words", ["digest", "-", "-"]],
  ["at too few words", ["digest"]],
  ["without a required option", ["report"]],
  ["at an option given twice", ["explain", "--now", "1", "--now", "2", "--config", "-", "--state", "-"]],
  ["at a scrape of no component", ["report", "--config", "-", "--facts", "-", "--scrape", "x"]],
  ["at a missing file", ["digest", join(folder, "missing")]],
  ["at a folder", ["digest", folder]],
]) {
  test(`exits with 1 and says why ${claim}`, () => {
    const { status, out, err } = run(words);
    assert.deepEqual([status, out], [1, ""]);
    assert.match(err, /^candor: .+/);
    assert.doesNotMatch(err, /node:internal|\.js:\d+/);
  });
}

test("prints help", () => {
  assert.match(run(["--help"]).out, /catalogue schema/);
  const report = run(["report", "--help"]);
  assert.equal(report.status, 0);
  assert.match(report.out, /--scrape COMPONENT=FILE/);
});
