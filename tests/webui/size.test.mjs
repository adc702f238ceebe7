// How much a browser has to load: all files of the served page but the module.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { root } from "./browser.mjs";

const page = join(root, "webui/dist/page");
const skip = !existsSync(page) && "needs webui/dist";
const BUDGET = 75_000;

test("the page takes at most 75 kB with brotli, charts and all languages included", { skip }, (t) => {
  const files = ["index.html", "favicon.svg", ...readdirSync(join(page, "assets")).map((name) => `assets/${name}`)];
  const sizes = files.map((name) => {
    const { length } = brotliCompressSync(readFileSync(join(page, name)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    t.diagnostic(`${name} ${length}`);
    return length;
  });
  const sum = sizes.reduce((total, size) => total + size, 0);
  t.diagnostic(`all ${sum}`);
  assert.ok(sum <= BUDGET, `${sum} bytes`);
});
