// <candor-report-preview> in Chromium, in a strange page with a strict policy, on real reports and
// with the real core.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { bytes, launch, mount, openHost, read, serve, sha256, skip } from "./browser.mjs";

const engine = read("tests/golden/engine-seed-004/report.json");
const console_ = read("tests/golden/console-seed-000/report.json");
const catalogues = {
  engine: JSON.parse(read("core/catalogues/engine.json")),
  console: JSON.parse(read("core/catalogues/console.json")),
};
const options = { skip, timeout: 300_000 };
let server;
let browser;
let folder;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "candor-preview-"));
  server = await serve();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

/** A preview that has been compared, or simply shows its bytes. */
async function preview(properties) {
  const tab = await openHost(browser, server.address);
  await mount(tab, "candor-report-preview", properties);
  await tab.waitForFunction(() => /^[0-9a-f]{64}$/.test(document.querySelector("candor-report-preview").renderRoot.querySelector("#digest")?.textContent ?? ""));
  return tab;
}

const rows = (tab) => tab.$$eval("candor-report-preview .line:not([hidden])", (all) =>
  all.sort((a, b) => a.ariaRowIndex - b.ariaRowIndex).map((row) => ({
    number: row.querySelector(".number").textContent,
    text: [...row.querySelector(".code").childNodes].filter((node) => node.className !== "note").map((node) => node.textContent).join(""),
    current: row.classList.contains("current"),
    expanded: row.ariaExpanded,
  })));
const current = async (tab) => (await rows(tab)).find((row) => row.current);
const grid = (tab) => tab.locator("candor-report-preview [role=treegrid]");
const text = (tab, selector) => tab.locator(selector).innerText();

test("shows the exact lines and their SHA-256", options, async () => {
  const tab = await preview({ report: bytes(engine) });
  const shown = await rows(tab);
  const lines = engine.toString().split("\n");
  assert.ok(shown.length > 20);
  for (const { number, text } of shown) assert.equal(text, lines[number - 1]);
  assert.equal(await text(tab, "#digest"), sha256(engine));
  assert.equal(await tab.$eval("candor-report-preview", (element) => new TextDecoder().decode(element.bytes)), engine.toString());
  assert.deepEqual(tab.complaints, []);
});

test("folds and unfolds, and moves by keyboard alone", options, async () => {
  const tab = await preview({ report: bytes(engine) });
  await grid(tab).focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowLeft"]) await tab.keyboard.press(key);
  const lines = engine.toString().split("\n").length - 1;
  const folded = await current(tab);
  assert.equal(folded.expanded, "false");
  assert.equal(folded.text, '  "product": { … }');
  assert.equal(await grid(tab).getAttribute("aria-rowcount"), "4");
  await tab.keyboard.press("End");
  assert.deepEqual((await current(tab)).number, String(lines));
  await tab.keyboard.press("ArrowUp");
  await tab.keyboard.press("ArrowRight");
  assert.equal(await grid(tab).getAttribute("aria-rowcount"), String(lines));
  await tab.keyboard.press("ArrowRight");
  assert.equal((await current(tab)).number, "4");
  await tab.keyboard.press("ArrowLeft");
  assert.equal((await current(tab)).number, "3");
  await tab.keyboard.press("End");
  await tab.keyboard.press("PageUp");
  assert.ok(Number((await current(tab)).number) < lines);
  await tab.keyboard.press("Home");
  assert.equal((await current(tab)).number, "1");
  const active = await grid(tab).getAttribute("aria-activedescendant");
  assert.equal(await tab.locator(`#${active}`).getAttribute("aria-level"), "1");
});

test("finds text in any case, counts it, walks around the ends, and unfolds what hides it", options, async () => {
  const tab = await preview({ report: bytes(engine) });
  await tab.click("text=Fold >> nth=0");
  await grid(tab).focus();
  await tab.keyboard.press("Control+f");
  await tab.keyboard.type("COUNT");
  const times = engine.toString().split("count").length - 1;
  await tab.waitForFunction((of) => document.querySelector("candor-report-preview").renderRoot.querySelector("#matches").textContent === `1 of ${of}`, times);
  const lines = engine.toString().split("\n");
  const hits = lines.flatMap((line, i) => Array(line.split("count").length - 1).fill(String(i + 1)));
  assert.equal((await current(tab)).number, hits[0]);
  await tab.keyboard.press("Enter");
  assert.equal((await current(tab)).number, hits[1]);
  await tab.keyboard.press("Shift+Enter");
  await tab.keyboard.press("Shift+Enter");
  assert.equal((await current(tab)).number, hits.at(-1));
  assert.equal(await text(tab, "#matches"), `${times} of ${times}`);
  assert.ok(await tab.evaluate(() => [...CSS.highlights.get("candor-found")].some((range) => String(range) === "count")));
  await tab.keyboard.press("Escape");
  await tab.waitForFunction(() => document.querySelector("candor-report-preview").renderRoot.querySelector("#matches").textContent === "");
  await tab.fill("#search", "no such text");
  await tab.waitForFunction(() => document.querySelector("candor-report-preview").renderRoot.querySelector("#matches").textContent === "Not found");
});

test("explains the field of a line, an open key's, and a data point's by its key", options, async () => {
  const tab = await preview({ report: bytes(engine), catalogue: catalogues.engine });
  const says = (words) => tab.locator("candor-field-note", { hasText: words }).waitFor({ timeout: 5000 });
  await tab.click('.line:has-text(\'"FetchExternalTasksCmd"\') + .line .code');
  const commands = catalogues.engine.fields.find(({ pointer }) => pointer === "/product/internals/commands/*/count");
  for (const part of [commands.title, commands.description, commands.why, commands.since]) await says(part);
  await mount(tab, "candor-report-preview", { report: bytes(console_), catalogue: catalogues.console });
  await tab.fill("#search", '"area": "heap"');
  const point = catalogues.console.fields.find(({ points }) => points).points.find(({ key }) => key === "jvm_memory_max_bytes");
  for (const part of [point.title, point.description, point.why, point.unit]) await says(part);
});

test("names the first differing byte, line and field", options, async () => {
  const other = Buffer.from(engine);
  const at = other.indexOf("PostgreSQL") < 0 ? other.indexOf('"h2"') + 1 : other.indexOf("PostgreSQL");
  other[at] ^= 1;
  const source = { id: "now", report: bytes(engine), digest: sha256(other) };
  const tab = await preview({ sources: [source] });
  await tab.waitForFunction(() => window.told.some(({ type }) => type === "candor-reference-needed"));
  assert.deepEqual(await tab.evaluate(() => window.told.at(-1).detail), { id: "now", digest: sha256(other) });
  assert.match(await text(tab, ".notice.bad"), /Different/);
  await tab.evaluate((reference) => {
    const { element, revive } = window;
    element.sources = [{ ...element.sources[0], reference: revive(reference) }];
  }, bytes(other));
  const line = engine.subarray(0, at).toString().split("\n").length;
  const words = `byte ${at + 1}, in line ${line}, field /product/internals/database/vendor`;
  await tab.waitForFunction((expected) => document.querySelector("candor-report-preview").renderRoot.textContent.includes(expected), words);
  await tab.click("text=Show the place");
  assert.equal((await current(tab)).number, String(line));
});

test("says that sealed bytes have their recorded SHA-256", options, async () => {
  const tab = await preview({ sources: [{ id: "sealed", report: bytes(engine), digest: sha256(engine) }] });
  await tab.waitForFunction(() => window.told.some(({ type }) => type === "candor-compared"));
  assert.equal(await tab.evaluate(() => window.told.at(-1).detail.comparison.state), "unchanged");
});

test("compares two reports line by line, and asks for bytes it was not given", options, async () => {
  const other = engine.toString().replace('    "edition": "enterprise",\n', "").replace('"count": 40', '"count": 41');
  const tab = await preview({ sources: [{ id: "now", report: bytes(other) }, { id: "last" }, { id: "sealed", absent: true }] });
  await tab.selectOption("candor-report-preview select", "last");
  await tab.waitForFunction(() => window.told.some(({ type }) => type === "candor-source-needed"));
  await tab.evaluate((report) => {
    const { element, revive } = window;
    element.sources = element.sources.map((source) => (source.id === "last" ? { id: "last", report: revive(report) } : source));
  }, bytes(engine));
  await tab.waitForSelector("#differences");
  assert.equal(await text(tab, "#differences"), "2 lines removed, 1 added");
  assert.deepEqual(await tab.$$eval(".line.removed .code", (all) => all.map((code) => code.textContent)), ['−    "edition": "enterprise",', '−          "count": 40']);
  assert.deepEqual(await tab.$$eval(".line.added .code", (all) => all.map((code) => code.textContent)), ['+          "count": 41']);
  assert.ok(await tab.isDisabled("button:has-text('Sealed')"));
});

test("finds lines in common that make either report again", options, async () => {
  const tab = await openHost(browser, server.address);
  const failures = await tab.evaluate(async () => {
    let seed = 7;
    const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
    const core = window.candor.sharedCore();
    const encode = (lines) => new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
    const failures = [];
    for (let round = 0; round < 300; round++) {
      const kinds = 1 + random(round % 3 === 0 ? 4 : 60);
      const from = Array.from({ length: random(round === 299 ? 9000 : 120) }, () => `line ${random(kinds)}`);
      const to = from.flatMap((line) => (random(6) === 0 ? [] : random(8) === 0 ? [line, `line ${random(kinds)}`] : [line]));
      if (round % 10 === 9) to.reverse();
      const [one, two] = [await core.show({ report: encode(from) }), await core.show({ report: encode(to) })];
      const { runs } = await core.run("diff", { from: one.document, to: two.document });
      let [a, b, shared] = [0, 0, 0];
      for (let i = 0; i < runs.length; i += 3) {
        const [x, y, count] = runs.slice(i, i + 3);
        const good = x >= a && y >= b && count > 0 && from.slice(x, x + count).every((line, k) => line === to[y + k]) && x + count <= from.length;
        if (!good) failures.push({ round, i });
        [a, b, shared] = [x + count, y + count, shared + count];
      }
      if (round % 10 !== 9 && from.length < 150 && shared !== longest(from, to)) failures.push({ round, shared, best: longest(from, to) });
      core.forget(one.document);
      core.forget(two.document);
    }
    return failures;

    function longest(a, b) {
      let row = new Array(b.length + 1).fill(0);
      for (const line of a) {
        const next = [0];
        b.forEach((other, j) => next.push(line === other ? row[j] + 1 : Math.max(row[j + 1], next[j])));
        row = next;
      }
      return row.at(-1);
    }
  });
  assert.deepEqual(failures, []);
});

test("downloads the very bytes, and checks such a file again, whole or edited", options, async () => {
  const tab = await preview({ report: bytes(engine) });
  const [download] = await Promise.all([tab.waitForEvent("download"), tab.click("#download")]);
  const name = `candor-report-${sha256(engine).slice(0, 16)}.json`;
  assert.equal(download.suggestedFilename(), name);
  const path = join(folder, name);
  await download.saveAs(path);
  assert.deepEqual(readFileSync(path), engine);

  const check = async (file) => {
    await tab.setInputFiles("candor-verify input", file);
    await tab.waitForSelector("candor-verify .notice");
    const said = [await tab.getAttribute("candor-verify .notice", "class"), await text(tab, "candor-verify .notice")];
    return said.join(": ");
  };
  assert.match(await check(path), /notice good: .* byte for byte/);
  const edited = Buffer.from(engine);
  edited[100] ^= 1;
  writeFileSync(path, edited);
  assert.match(await check(path), /notice bad: .* was changed since it was downloaded/);
  const stranger = join(folder, "other.json");
  writeFileSync(stranger, "{}");
  assert.match(await check(stranger), /notice warn: .*none of the reports known/);
  await tab.evaluate((known) => (window.element.known = [known]), { id: "a-report", digest: sha256("{}"), sealedMs: 1, fate: "accepted" });
  assert.match(await check(stranger), /notice good: .*report a-report/);
  const large = join(folder, "large.json");
  writeFileSync(large, Buffer.alloc(64 * 2 ** 20 + 1, "x"));
  assert.match(await check(large), /notice bad: large.json is larger than/);
});

test("copies the lines selected, byte for byte, also folded ones", options, async () => {
  const tab = await preview({ report: bytes(engine) });
  await grid(tab).focus();
  await tab.evaluate(() => document.addEventListener("copy", (event) => setTimeout(() => (window.copied = event.clipboardData.getData("text/plain"))), true));
  await tab.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  for (const key of ["ArrowDown", "Shift+ArrowDown", "ArrowLeft"]) await tab.keyboard.press(key);
  for (const key of ["Home", "ArrowDown", "Shift+ArrowDown", "Control+c"]) await tab.keyboard.press(key);
  await tab.waitForSelector("text=Copied");
  const copied = await tab.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, engine.toString().split("\n").slice(1, -2).join("\n"));
});

test("refuses a swapped module with words, and shows sealed bytes all the same", options, async () => {
  const wasm = read("webui/dist/lib/candor-core.wasm");
  wasm[wasm.length - 1] ^= 1;
  const swapped = await serve({ "/webui/dist/lib/candor-core.wasm": [wasm, "application/wasm"] });
  const tab = await openHost(browser, swapped.address);
  await mount(tab, "candor-report-preview", { bundle: bytes("{}") });
  await tab.waitForSelector(".notice.bad");
  assert.match(await text(tab, ".notice.bad"), /core of this page cannot be used.*has the SHA-256/s);
  await mount(tab, "candor-report-preview", { sources: [{ id: "last", report: bytes(engine), digest: sha256(engine) }] });
  await tab.waitForSelector(".notice.good");
  await tab.context().close();
  swapped.close();
});

test("keeps at most 200 rows of a report of 30 MB, at any line", options, async () => {
  const tab = await openHost(browser, server.address);
  await tab.evaluate(async () => {
    const point = (i) => ({
      entities: [{ id: "a22efefbb00546c04512fc7d4b455e77", type: "cluster" }, { id: "operate", type: "component" }],
      key: "jvm_memory_max_bytes", type: 0, tags: { area: "heap" }, transferredValue: `${i}`, value: `${i}`, tsFrom: 1712228731639,
    });
    const report = { installation: { cid: "c", iid: "i" }, dataPoints: Array.from({ length: 86_000 }, (_, i) => point(i)) };
    window.text = `${JSON.stringify(report, null, 2)}\n`;
    const element = document.createElement("candor-report-preview");
    element.report = new TextEncoder().encode(window.text);
    document.body.replaceChildren(element);
    window.element = element;
    window.lines = window.text.split("\n");
  });
  await tab.waitForSelector(".line");
  assert.ok(await tab.evaluate(() => window.element.report.length) > 29e6);
  const scroller = await grid(tab).elementHandle();
  const wrong = await scroller.evaluate(async (element) => {
    const wrong = [];
    let seed = 3;
    for (let round = 0; round < 300; round++) {
      seed = (seed * 48271) % 2147483647;
      element.scrollTop = ((seed % 10_001) / 10_000) * (element.scrollHeight - element.clientHeight);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const rows = [...element.querySelectorAll(".line")];
      if (rows.length > 200) wrong.push(rows.length);
      const shown = rows.filter((row) => !row.hidden);
      if (shown.length < 30) wrong.push({ round, shown: shown.length });
      for (const row of shown) {
        const number = Number(row.querySelector(".number").textContent);
        if (row.querySelector(".code").textContent !== window.lines[number - 1]) wrong.push({ round, number });
      }
    }
    return wrong;
  });
  assert.deepEqual(wrong, []);
  await grid(tab).focus();
  await tab.keyboard.press("End");
  const lines = await tab.evaluate(() => window.lines.length - 1);
  assert.equal((await current(tab)).number, String(lines));
  await tab.mouse.move(300, 300);
  await tab.mouse.wheel(0, -200);
  await tab.waitForFunction((last) => ![...window.element.renderRoot.querySelectorAll(".line:not([hidden]) .number")].some(({ textContent }) => textContent === String(last)), lines);
  const after = Math.max(...(await rows(tab)).map(({ number }) => Number(number)));
  assert.ok(lines - after <= 12, `a wheel moves by its pixels, not by ${lines - after} lines`);
  await tab.fill("#search", '"85999"');
  await tab.waitForFunction(() => window.element.renderRoot.querySelector("#matches").textContent === "1 of 2");
  assert.deepEqual(tab.complaints, []);
});

test("gives up a task by replacing the worker, and goes on with the others", options, async () => {
  const tab = await openHost(browser, server.address);
  const outcome = await tab.evaluate(async () => {
    const core = window.candor.sharedCore();
    const kept = await core.show({ report: new TextEncoder().encode("one\ntwo\n") });
    const stop = new AbortController();
    const large = core.digest(new Uint8Array(40_000_000), stop.signal);
    const other = core.digest(new TextEncoder().encode("abc"));
    stop.abort();
    const error = await large.catch(({ name }) => name);
    const { starts } = await core.run("search", { document: kept.document, text: "TWO" });
    return [error, await other, [...starts]];
  });
  assert.deepEqual(outcome, ["AbortError", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", [4]]);
});
