// How much a browser has to load: all files of a served page but the module.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { root } from "./browser.mjs";

const page = join(root, "webui/dist/page");
const skip = !existsSync(page) && "needs webui/dist";
const BUDGET = 75_000;
const COLLECTOR_BUDGET = 40_000;

function sizeOf(t, folder) {
  const files = ["index.html", "favicon.svg", ...readdirSync(join(folder, "assets")).map((name) => `assets/${name}`)];
  const sizes = files.map((name) => {
    const { length } = brotliCompressSync(readFileSync(join(folder, name)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    t.diagnostic(`${name} ${length}`);
    return length;
  });
  const sum = sizes.reduce((total, size) => total + size, 0);
  t.diagnostic(`all ${sum}`);
  return sum;
}

test("the page takes at most 75 kB with brotli, charts and all languages included", { skip }, (t) => {
  const sum = sizeOf(t, page);
  assert.ok(sum <= BUDGET, `${sum} bytes`);
});

test("the collector's page takes at most 40 kB with brotli, Parquet and all languages included", { skip }, (t) => {
  const sum = sizeOf(t, join(root, "webui/dist/collector"));
  assert.ok(sum <= COLLECTOR_BUDGET, `${sum} bytes`);
});
