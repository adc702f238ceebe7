// The preview in Chromium beside a blank page and beside a page that makes an element of every line,
// each in a fresh context, by turns. Called by run_page.sh: node page_bench.mjs CANDOR ROUNDS
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";

import { launch, openTab, root, serve } from "../webui/browser.mjs";

const [candor, rounds] = [process.argv[2], Number(process.argv[3])];
const LARGE_ROUNDS = Math.max(2, rounds >> 2);
const golden = join(root, "tests/golden/console-seed-000");
const folder = mkdtempSync(join(tmpdir(), "candor-page-bench-"));
const built = join(root, "build/bench-page");
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const missed = [];

// When two frames were drawn after `shown` became true: a promise, as the policy lets no text be run.
const whenDrawn = `
  let drawn;
  window.drawn = new Promise((resolve) => (drawn = resolve));
  const frames = (left) => requestAnimationFrame(() => (left > 1 ? frames(left - 1) : drawn(performance.now())));
  const wait = (shown) => (shown() ? frames(2) : requestAnimationFrame(() => wait(shown)));`;
const blank = `${whenDrawn} wait(() => true);`;
const everyLine = `${whenDrawn}
  const text = await (await fetch("/report")).text();
  const list = document.createElement("div");
  text.split("\\n").forEach((line, i) => {
    const [row, number, code] = [document.createElement("div"), document.createElement("span"), document.createElement("span")];
    row.style.whiteSpace = "pre";
    number.textContent = String(i + 1);
    code.textContent = line;
    row.append(number, code);
    list.append(row);
  });
  document.body.append(list);
  wait(() => true);`;
const preview = `${whenDrawn}
  import ${JSON.stringify(join(root, "webui/dist/lib/elements/candor-report-preview.js"))};
  const read = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
  const element = document.createElement("candor-report-preview");
  element.noVerify = true;
  document.body.append(element);
  const [config, facts, scrape] = await Promise.all(["/config", "/facts", "/scrape"].map(read));
  element.sources = [{ id: "now", inputs: [
    { name: "config:config.json", bytes: config }, { name: "environment", bytes: "{}" },
    { name: "facts:facts.json", bytes: facts }, { name: "scrape:operate=operate.prom", bytes: scrape },
  ] }];
  wait(() => element.renderRoot?.querySelector(".line:not([hidden])") != null);`;

function exposition(rows) {
  const lines = ["# TYPE jvm_memory_max_bytes gauge"];
  for (let i = 0; i < rows; i++) lines.push(`jvm_memory_max_bytes{area="heap",id="pool ${i}"} 5.36870912E8`);
  return `${lines.join("\n")}\n`;
}

// The preview as one script with its worker and module, as a product's bundler makes it.
async function bundle() {
  mkdirSync(built, { recursive: true });
  writeFileSync(join(built, "preview.js"), preview);
  const require = createRequire(join(root, "webui/package.json"));
  const { build } = await import(pathToFileURL(join(require.resolve("vite/package.json"), "../dist/node/index.js")).href);
  await build({
    configFile: false, logLevel: "error", root: built, base: "/build/bench-page/dist/",
    build: { outDir: join(built, "dist"), target: "es2022", assetsInlineLimit: 0, modulePreload: false, rolldownOptions: { input: join(built, "preview.js") } },
  });
  const script = readdirSync(join(built, "dist/assets")).find((name) => /^preview-.*\.js$/.test(name));
  return `/build/bench-page/dist/assets/${script}`;
}

async function pages(rows, script) {
  const scrape = join(folder, `${rows}.prom`);
  writeFileSync(scrape, exposition(rows));
  const [config, facts] = [join(golden, "config.json"), join(golden, "facts.json")];
  const report = execFileSync(candor, ["report", "--config", config, "--facts", facts, "--scrape", `operate=${scrape}`], { maxBuffer: 2 ** 30 });
  const page = (path) => [`<!doctype html><html lang="en"><meta charset="utf-8"><title>-</title><link rel="icon" href="data:,"><body><script type="module" src="${path}"></script>`, "text/html"];
  const given = (bytes) => [bytes, "text/plain"];
  const server = await serve({
    "/blank": page("/blank.js"), "/every-line": page("/every-line.js"), "/preview": page(script),
    "/blank.js": [blank, "text/javascript"], "/every-line.js": [everyLine, "text/javascript"],
    "/config": given(readFileSync(config)), "/facts": given(readFileSync(facts)), "/scrape": given(readFileSync(scrape)), "/report": given(report),
  });
  return { ...server, bytes: report.length };
}

async function drawn(browser, address) {
  const tab = await openTab(browser, address);
  tab.setDefaultTimeout(300_000);
  const time = await tab.evaluate("window.drawn");
  if (tab.complaints.length > 0) throw new Error(tab.complaints.join("\n"));
  await tab.context().close();
  return time;
}

async function byTurns(browser, address, names, times) {
  const taken = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < times; round++) for (const name of names) taken[name].push(await drawn(browser, address + name));
  return Object.fromEntries(names.map((name) => [name, median(taken[name])]));
}

// To random lines: what setting the scroll position costs until the rows are laid out, and whether the
// next frame shows them.
async function scrolling(browser, address) {
  const tab = await openTab(browser, `${address}preview`);
  tab.setDefaultTimeout(300_000);
  await tab.evaluate("window.drawn");
  const result = await tab.evaluate(async () => {
    const scroller = document.querySelector("candor-report-preview").renderRoot.querySelector(".scroller");
    const times = [];
    let [late, most] = [0, 0];
    for (let round = 0; round < 1000; round++) {
      const share = Math.random();
      const first = () => Math.min(...[...scroller.querySelectorAll(".line:not([hidden]) .number:first-child")].map(({ textContent }) => Number(textContent)));
      const start = performance.now();
      scroller.scrollTop = share * (scroller.scrollHeight - scroller.clientHeight);
      scroller.dispatchEvent(new Event("scroll"));
      void scroller.querySelector(".line").offsetHeight;
      times.push(performance.now() - start);
      const expected = first();
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (first() !== expected) late++;
      most = Math.max(most, scroller.querySelectorAll("[role=row]").length);
    }
    times.sort((a, b) => a - b);
    return { p50: times[500], p99: times[990], longest: times[999], late, most };
  });
  await tab.context().close();
  return result;
}

function budget(name, value, unit, holds, limit) {
  console.log(`${name}: ${value.toFixed(2)} ${unit} (budget ${limit})${holds ? "" : " MISSED"}`);
  if (!holds) missed.push(name);
}

const browser = await launch();
try {
  const page = join(root, "webui/dist/page");
  const files = ["index.html", "favicon.svg", ...readdirSync(join(page, "assets")).map((name) => `assets/${name}`)];
  const size = files.reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(page, name))).length, 0);
  budget("page without the module, brotli 11", size / 1000, "kB", size <= 75_000, "75");

  const script = await bundle();
  const small = await pages(200, script);
  const soon = await byTurns(browser, small.address, ["blank", "preview"], rounds);
  console.log(`report of ${(small.bytes / 1000).toFixed(0)} kB: blank page ${soon.blank.toFixed(0)} ms, preview shown ${soon.preview.toFixed(0)} ms`);
  budget("shown preview / blank page", soon.preview / soon.blank, "x", soon.preview <= 1.5 * soon.blank, "1.5");
  small.close();

  const large = await pages(75_000, script);
  const whole = await byTurns(browser, large.address, ["preview", "every-line"], LARGE_ROUNDS);
  console.log(`report of ${(large.bytes / 1e6).toFixed(1)} MB: preview shown ${whole.preview.toFixed(0)} ms, every line an element ${whole["every-line"].toFixed(0)} ms`);
  budget("every line / preview", whole["every-line"] / whole.preview, "x", whole["every-line"] >= 15 * whole.preview, ">= 15");
  const scrolled = await scrolling(browser, large.address);
  console.log(`scrolling to 1000 random lines: p50 ${scrolled.p50.toFixed(2)} ms, longest ${scrolled.longest.toFixed(1)} ms`);
  budget("scroll to any line, p99", scrolled.p99, "ms", scrolled.p99 <= 16.7, "16.7");
  budget("rows not shown in the next frame", scrolled.late, "of 1000", scrolled.late === 0, "0");
  budget("row elements", scrolled.most, "", scrolled.most <= 200, "200");
  large.close();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
process.exitCode = missed.length === 0 ? 0 : 1;
