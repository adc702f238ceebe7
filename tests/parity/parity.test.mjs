// The parity campaign: the native core and the WebAssembly module give the same bytes, problems and
// exit statuses. Replay one case with the seed and number it prints:
//   node tests/parity/replay.mjs --seed S --from I --count 1
// Needs `npm run build` and build/native. CANDOR_PARITY_SEED and CANDOR_PARITY_CASES change the draw.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const seed = process.env.CANDOR_PARITY_SEED ?? "20261121";
const count = process.env.CANDOR_PARITY_CASES ?? "25000";
const corpora = process.env.CANDOR_CORPORA;
const naughty = corpora === undefined ? undefined : join(corpora, "blns/blns.json");
const drawn = naughty === undefined ? [] : ["--naughty", naughty];

function replay(...words) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath, ["tests/parity/replay.mjs", ...words],
    { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  return { status, said: stdout + stderr };
}

function assertSame(t, ...words) {
  const { status, said } = replay(...words);
  t.diagnostic(said.trimEnd().split("\n").at(-1));
  assert.equal(status, 0, said);
}

test(`${count} generated cases are the same natively and in WebAssembly`, (t) => {
  assertSame(t, "--seed", seed, "--count", count, ...drawn);
});

const golden = join(root, "tests/golden");
test("the golden cases are the same", { skip: !existsSync(golden) }, (t) => {
  assertSame(t, "--golden", golden);
});

const withoutTexts = naughty === undefined && "set CANDOR_CORPORA to the conformance corpora";
test("naughty strings are the same through every text field", { skip: withoutTexts }, (t) => {
  assertSame(t, "--texts", ...drawn);
});

test("one changed byte is noticed in every case", () => {
  const { status, said } = replay("--seed", seed, "--count", "200", "--break");
  assert.equal(status, 1);
  assert.match(said, /^200 cases .* 200 differ$/m);
});

test("a case is the same whenever it is drawn", () => {
  const last = (said) => said.split("\n").filter((line) => !line.endsWith("differ")).join("\n");
  const one = replay("--seed", seed, "--from", "17", "--count", "1");
  const again = replay("--seed", seed, "--from", "17", "--count", "1");
  assert.equal(last(one.said), last(again.said));
  assert.notEqual(last(one.said), last(replay("--seed", seed, "--from", "18", "--count", "1").said));
});
