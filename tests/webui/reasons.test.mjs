// What the core says in English about a decision is known by its form to every other language.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "./browser.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
// A reason begins with a word in capitals, a capital letter, or the name of a setting, and goes on.
const REASON = /"((?:[A-Z]\w*|initializeTelemetry) [^"]+)"/g;
const escaped = (text) => text.replace(/[.()]/g, "\\$&");

test("every reason that the core gives for a decision has words in every language", () => {
  const reasons = [...read("core/decision.cc").matchAll(REASON)].map(([, text]) => text.trim());
  assert.ok(reasons.length >= 18, `${reasons.length} reasons`);
  const others = readdirSync(join(root, "webui/src/text")).filter((name) => /^(?!en)[a-z]{2}\.ts$/.test(name));
  assert.notEqual(others.length, 0);
  for (const name of others) {
    const words = read(`webui/src/text/${name}`);
    assert.deepEqual(reasons.filter((text) => !words.includes(`[/^${escaped(text)}`)), [], name);
  }
});
