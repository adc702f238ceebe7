// The package in Chromium, in a page whose policy allows WebAssembly and nothing else: it loads, and
// builds the very bytes that the golden case holds.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };
const root = fileURLToPath(new URL("../..", import.meta.url));
const page = `<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>`;
const script = `
import { loadCore } from "/wasm/package/dist/index.js";
const text = async (path) => (await fetch(path)).text();
window.run = async (folder) => {
  const core = await loadCore(fetch("/wasm/package/dist/candor-core.wasm"));
  const { status, output, errors } = core.perform("report", [
    { name: "config:config.json", bytes: await text(folder + "/config.json") },
    { name: "facts:facts.json", bytes: await text(folder + "/facts.json") },
  ]);
  return { status, errors, output: new TextDecoder().decode(output) };
};`;

const skip = !existsSync(CHROMIUM) && "needs Debian's chromium";
let server;
let browser;

before(async () => {
  if (skip) return;
  server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const made = { "/": [page, "text/html"], "/page.js": [script, "text/javascript"] }[path];
    response.setHeader("Content-Security-Policy", POLICY);
    try {
      const bytes = made?.[0] ?? readFileSync(join(root, normalize(path)));
      response.setHeader("Content-Type", made?.[1] ?? TYPES[extname(path)] ?? "text/plain");
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
});

after(async () => {
  await browser?.close();
  server?.close();
});

test("a page with a strict policy builds the report of a golden case", { skip, timeout: 60_000 }, async () => {
  const tab = await browser.newPage();
  const complaints = [];
  tab.on("console", (message) => complaints.push(message.text()));
  tab.on("pageerror", (error) => complaints.push(error.message));
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  await tab.waitForFunction("window.run !== undefined");
  const folder = "/tests/golden/engine-seed-004";
  const { status, errors, output } = await tab.evaluate((path) => window.run(path), folder);
  assert.deepEqual({ status, errors }, { status: 0, errors: "" });
  assert.equal(output, readFileSync(join(root, folder, "report.json"), "utf8"));
  assert.deepEqual(complaints.filter((text) => !text.includes("favicon")), []);
});
