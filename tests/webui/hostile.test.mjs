// Texts that try to become code, in every place that texts can come from: none runs, none becomes
// markup, none breaks the page's policy, none makes it ask another origin, and each can be read as it
// is. Without CANDOR_CORPORA only this project's own texts are used.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { bytes, launch, mount, native, serve, skipNative as skip } from "./browser.mjs";
import { hostileCatalogue, hostileConfiguration, hostileExposition, hostileFacts, hostileLicences } from "./hostile-installation.mjs";
import { naughty, own, withoutNaughty } from "./hostile-texts.mjs";
import { allTexts, strangers, Watch } from "./watch.mjs";

const options = { skip, timeout: 600_000 };
const collections = [["this project's own texts", own, options], ["the big list of naughty strings", naughty, { ...options, skip: skip || withoutNaughty }]];
let browser;
let server;
let folder;
before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "candor-hostile-"));
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** A bundle with the texts in all of its parts, and its report, as the native program makes them. */
function makeBundle(texts, licenseKey) {
  const file = (name, content) => {
    writeFileSync(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  };
  const component = { name: texts[3], id: "asked", metrics: "http://127.0.0.1:9/metrics" };
  const facts = { ...hostileFacts(texts), licenseKey, collectedAt: 1_712_228_731_639, scrapes: [{ component: "asked", exposition: hostileExposition(texts) }] };
  const [bundle, report] = [join(folder, "bundle.json"), join(folder, "report.json")];
  const { status, stderr } = spawnSync(native, [
    "preview", "--config", file("config.json", hostileConfiguration(texts, [component])), "--catalogue", file("catalogue.json", hostileCatalogue(texts)),
    "--facts", file("facts.json", facts), "--state-folder", join(folder, "state"), "--bundle", bundle, "-o", report,
  ], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return { bundle: readFileSync(bundle), report: readFileSync(report) };
}

async function openHost(locale) {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 2000 } });
  context.setDefaultTimeout(120_000);
  const watch = await Watch.on(context, new URL(server.address).origin);
  const tab = await context.newPage();
  await tab.goto(server.address);
  await tab.waitForFunction("window.candor !== undefined");
  return { context, tab, watch };
}

const identical = (tab) => tab.locator("candor-report-preview > .notice.good, candor-report-preview .notice.good").first().waitFor({ timeout: 60_000 });

/** Every row of the report that is shown, by scrolling to it. What hides or turns text around must be named in it. */
const rows = (tab) => tab.locator("candor-report-preview").first().evaluate(async (element) => {
  const scroller = element.renderRoot.querySelector(".scroller");
  const count = Number(scroller.getAttribute("aria-rowcount"));
  const found = [];
  const hides = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
  const isNamed = (node) => node.parentElement.matches(".odd") && getComputedStyle(node.parentElement).unicodeBidi === "isolate" &&
    getComputedStyle(node.parentElement, "::before").content.startsWith('"U+');
  for (let top = 0, have = 0; have < count && top < count * 20; top += Math.max(20, scroller.clientHeight - 40)) {
    scroller.scrollTop = top;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    for (const row of scroller.querySelectorAll(".line:not([hidden])")) {
      const index = Number(row.getAttribute("aria-rowindex")) - 1;
      if (found[index] === undefined) have++;
      const walker = document.createTreeWalker(row.querySelector(".code"), NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { data } = walker.currentNode;
        if (hides.test(data) && !isNamed(walker.currentNode)) throw new Error(`row ${index + 1} does not name what hides in ${JSON.stringify(data)}`);
      }
      found[index] = [...row.querySelector(".code").childNodes].filter((node) => node.className !== "note").map((node) => node.textContent).join("");
    }
  }
  return found;
});

/** Of a very long line the beginning is shown, and a note behind it. */
const isShownAs = (line, text) => text === line || (line.length > 2000 && line.slice(0, 2000) === text.slice(0, 2000));

for (const [name, texts, how] of collections) {
  test(`a preview shows every line of a report as it is, and nothing of it runs: ${name}`, how, async () => {
    const keys = hostileLicences(texts);
    assert.ok(keys.length > 0);
    for (const [i, key] of keys.entries()) {
      const { bundle, report } = makeBundle(i === 0 ? texts : texts.slice(20 * i, 20 * i + 20), key);
      const { context, tab, watch } = await openHost(i % 2 === 0 ? "en-GB" : "de-DE");
      await mount(tab, "candor-report-preview", { bundle: bytes(bundle) });
      await identical(tab);
      const lines = report.toString().split("\n").slice(0, -1);
      // All of them once; of the others, what the licence key changed, which stands in front.
      const shown = i === 0 ? await rows(tab) : (await tab.locator("candor-report-preview .line:not([hidden]) .code").allTextContents()).slice(0, 25);
      if (i === 0) assert.equal(shown.length, lines.length);
      for (const [line, text] of shown.entries()) assert.ok(isShownAs(lines[line], text), `line ${line + 1} is ${lines[line]}, and shown as ${text}`);
      assert.deepEqual(await strangers(tab), []);
      watch.assertCalm();
      await context.close();
    }
  });

  test(`what is said about a field is text, whatever its catalogue says: ${name}`, how, async () => {
    const catalogue = hostileCatalogue(texts);
    const { context, tab, watch } = await openHost("de-DE");
    await mount(tab, "candor-field-note", { catalogue });
    const places = catalogue.fields.map(({ pointer }) => ({ pointer })).concat(catalogue.fields.at(-1).points.map(({ key }) => ({ pointer: "/dataPoints/1/value", pointKey: key })));
    const said = await tab.evaluate(async (all) => {
      const note = document.querySelector("candor-field-note");
      const found = [];
      for (const place of all) {
        Object.assign(note, { pointKey: undefined }, place);
        await note.updateComplete;
        found.push([...note.renderRoot.querySelectorAll("dd, .title")].map((element) => element.textContent));
      }
      return found;
    }, places);
    for (const [i, { pointer }] of places.entries()) {
      const { title, description, why, since } = catalogue.fields[i] ?? catalogue.fields.at(-1).points[i - catalogue.fields.length];
      for (const part of [title, description, why, since]) assert.ok(said[i].includes(part), `${pointer} does not say ${part}`);
    }
    assert.deepEqual(await strangers(tab), []);
    watch.assertCalm();
    await context.close();
  });

  test(`problems and file names are text: ${name}`, how, async () => {
    const { context, tab, watch } = await openHost("en-GB");
    await mount(tab, "candor-problems", { problems: texts.map((text, i) => ({ source: text, where: text, line: i, column: 1, message: text })), suppressed: 3 });
    const shown = (await allTexts(tab)).join("\n");
    for (const text of texts) assert.ok(shown.includes(text), text);
    assert.deepEqual(await strangers(tab), []);
    await mount(tab, "candor-verify", {});
    const parts = texts.filter((text) => text !== "");
    for (let i = 0; i < parts.length; i += 16) {
      await tab.evaluate(async (names) => {
        const verify = document.querySelector("candor-verify");
        for (const name of names) {
          for (const content of [name, `{"candorHistory": ${JSON.stringify(name)}}`]) {
            await verify.verify(new File([content], name));
            await verify.updateComplete;
            if (!verify.renderRoot.textContent.includes(name)) throw new Error(`does not name ${name}`);
          }
        }
      }, parts.slice(i, i + 16));
      assert.deepEqual(await strangers(tab), []);
    }
    watch.assertCalm();
    await context.close();
  });
}

test("a page that lets texts become markup is noticed in every way", options, async () => {
  const careless = async (tab, watch, text, words) => {
    await tab.evaluate((markup) => {
      try {
        document.body.innerHTML = markup;
      } catch {
        // Refused by the page's policy, which tells the watch.
      }
    }, text);
    const seen = [];
    for (let i = 0; i < 200 && !seen.some((noticed) => words.test(noticed)); i++) {
      await tab.waitForTimeout(100);
      seen.push(...watch.take());
    }
    assert.ok(seen.some((noticed) => words.test(noticed)), `${text}: ${seen}`);
  };
  const { context, tab, watch } = await openHost("en-GB");
  await careless(tab, watch, "<b>x</b>", /^policy: require-trusted-types-for/);
  await context.close();
  // And without a policy.
  const open = await browser.newContext();
  const ran = await Watch.on(open, undefined);
  const page = await open.newPage();
  await page.goto("data:text/html,<!doctype html><title>x</title><body>");
  for (const [text, words] of [
    [`<img src=data:x onerror=candorRan()>`, /^ran: /], [`<img src=data:x onerror=alert(1)>`, /^alert\(1\)/],
    [`<img src="http://127.0.0.1:9/a.png">`, /^request: http:..127.0.0.1:9/], [`<iframe srcdoc="<script>candorRan()</script>">`, /^ran: /],
  ]) {
    await careless(page, ran, text, words);
    assert.notDeepEqual(await strangers(page), []);
  }
  await open.close();
});
