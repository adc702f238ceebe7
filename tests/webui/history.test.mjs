// An exported journal, checked in the browser: core/journal.h says how entries are chained.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { bytes, launch, openHost, serve, sha256, skip } from "./browser.mjs";

const options = { skip, timeout: 60_000 };
let browser;
let server;
let tab;

before(async () => {
  if (skip) return;
  server = await serve();
  browser = await launch();
  tab = await openHost(browser, server.address);
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** An export as the program prints it; bodies are given as the text that is hashed. */
function journal(bodies) {
  let previous = "0".repeat(64);
  const entries = bodies.map((body, i) => {
    previous = sha256(`${previous}\n${i + 1}\n${1712228731639 + i}\nsealed\n${body}\n`);
    const lines = body.replaceAll("\n", "\n      ");
    return `    {\n      "seq": ${i + 1},\n      "atMs": ${1712228731639 + i},\n      "kind": "sealed",\n` +
      `      "body": ${lines},\n      "hash": "${previous}"\n    }`;
  });
  const list = entries.length === 0 ? "[]" : `[\n${entries.join(",\n")}\n  ]`;
  return `{\n  "candorHistory": 1,\n  "entries": ${list}\n}\n`;
}

async function check(text) {
  const { is, at, why } = await tab.evaluate(async ({ $bytes }) => {
    const given = Uint8Array.from(atob($bytes), (letter) => letter.charCodeAt(0));
    return window.candor.sharedCore().run("history", { bytes: given });
  }, bytes(text));
  return is === "broken" ? { is, at, why } : { is };
}

const BODIES = [
  '{\n  "id": "a"\n}',
  '{\n  "list": [\n    1,\n    {},\n    [],\n    "Ä \\" \\\\ 😀 { [ , :"\n  ],\n  "deep": {\n    "none": null\n  }\n}',
  "{}",
];

test("accepts a whole chain, and one that is empty", options, async () => {
  assert.deepEqual(await check(journal(BODIES)), { is: "whole" });
  assert.deepEqual(await check(journal([])), { is: "whole" });
});

test("hashes the very text: keys like numbers stay in their order, numbers stay as written", options, async () => {
  assert.deepEqual(await check(journal(['{\n  "2": 1,\n  "1": 2\n}', '{\n  "cpu": 5.36870912E8,\n  "big": 123456789012345678901\n}'])), { is: "whole" });
});

test("takes white space for nothing, as the command does", options, async () => {
  const minified = journal(BODIES).replace(/\n */g, "");
  assert.deepEqual(await check(minified), { is: "whole" });
});

test("names the first entry that does not follow", options, async () => {
  const text = journal(BODIES);
  assert.deepEqual(await check(text.replace('"none": null', '"none": 0')), { is: "broken", at: 2, why: "hash" });
  assert.deepEqual(await check(text.replace('"seq": 3', '"seq": 4')), { is: "broken", at: 3, why: "seq" });
  assert.deepEqual(await check(text.replace("1712228731639", "1712228731638")), { is: "broken", at: 1, why: "hash" });
});

test("refuses a key that stands twice, of which one would be shown and the other hashed", options, async () => {
  const text = journal(BODIES);
  assert.deepEqual(await check(text.replace('"body": {}', '"body": {}, "body": {"id": "b"}')), { is: "no-history" });
  assert.deepEqual(await check(text.replace('"body": {}', '"b\\u006fdy": {"id": "b"}, "body": {}')), { is: "no-history" });
  assert.deepEqual(await check(text.replace('"body": {}', '"b\\u006fdy": {}')), { is: "no-history" });
});
