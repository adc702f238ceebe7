// Chromium and a server for its pages: this repository's files under a policy as strict as the
// product's, and pages made by the tests.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const TYPES = {
  ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json",
  ".html": "text/html", ".svg": "image/svg+xml",
};
export const root = fileURLToPath(new URL("../..", import.meta.url));
export const skip = !existsSync(CHROMIUM) && "needs Debian's chromium";
export const native = process.env.CANDOR ?? join(root, "build/native/native/cli/candor");
export const skipNative = skip || (!existsSync(native) && "needs build/native");

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
export const read = (path) => readFileSync(join(root, path));

const importMap = JSON.stringify({
  imports: {
    "lit": "/node_modules/lit/index.js",
    "lit/": "/node_modules/lit/",
    "lit-html": "/node_modules/lit-html/lit-html.js",
    "lit-html/": "/node_modules/lit-html/",
    "lit-element/": "/node_modules/lit-element/",
    "@lit/reactive-element": "/node_modules/@lit/reactive-element/reactive-element.js",
    "@lit/reactive-element/": "/node_modules/@lit/reactive-element/",
    "uplot": "/node_modules/uplot/dist/uPlot.esm.js",
  },
});
const mapHash = createHash("sha256").update(importMap).digest("base64");

/** Somebody else's page: the package's modules, nothing inline but the import map. */
export const POLICY =
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-${mapHash}'; worker-src 'self'; ` +
  "style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; " +
  "object-src 'none'; require-trusted-types-for 'script'; trusted-types candor lit-html";

const hostPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A product's admin page</title>
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<script type="importmap">${importMap}</script><script type="module" src="/host.js"></script></head><body></body></html>`;
const hostScript = `import * as candor from "/webui/dist/lib/index.js"; window.candor = candor; candor.startTheme();`;

/** Serves the repository; `made` adds paths: [bytes, type] or a function of the request. */
export async function serve(made = {}) {
  const pages = { "/": [hostPage, "text/html"], "/host.js": [hostScript, "text/javascript"], ...made };
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const page = typeof pages[path] === "function" ? pages[path](request) : pages[path];
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("Cache-Control", "no-store");
    try {
      const bytes = page?.[0] ?? readFileSync(join(root, normalize(path)));
      response.setHeader("Content-Type", page?.[1] ?? TYPES[extname(path)] ?? "text/plain");
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export function launch() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}

/** A tab whose complaints (console errors, violations of the policy, lost errors) are kept. */
export async function openTab(browser, address, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 900 }, ...options });
  const tab = await context.newPage();
  tab.setDefaultTimeout(60_000);
  tab.complaints = [];
  tab.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) tab.complaints.push(message.text());
  });
  tab.on("pageerror", (error) => tab.complaints.push(String(error)));
  await tab.goto(address);
  return tab;
}

/** A tab with the package's modules as `window.candor`. */
export async function openHost(browser, address, options) {
  const tab = await openTab(browser, address, options);
  await tab.waitForFunction("window.candor !== undefined");
  return tab;
}

/** Puts an element with these properties on the page; bytes travel as base64 under `$bytes`. */
export async function mount(tab, name, properties) {
  await tab.evaluate(async ([tag, given]) => {
    const revive = (value) => {
      if (Array.isArray(value)) return value.map(revive);
      if (typeof value !== "object" || value === null) return value;
      if ("$bytes" in value) return Uint8Array.from(atob(value.$bytes), (letter) => letter.charCodeAt(0));
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, revive(member)]));
    };
    const element = document.createElement(tag);
    window.told = [];
    for (const event of ["candor-source-needed", "candor-reference-needed", "candor-compared", "candor-seen", "candor-downloaded", "candor-verified"]) {
      element.addEventListener(event, ({ type, detail }) => window.told.push({ type, detail }));
    }
    Object.assign(element, revive(given));
    document.body.replaceChildren(element);
    window.revive = revive;
    window.element = element;
    await element.updateComplete;
  }, [name, properties]);
}

export const bytes = (value) => ({ $bytes: Buffer.from(value).toString("base64") });
