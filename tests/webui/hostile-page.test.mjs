// The whole page on an installation whose every text is hostile: catalogue, configuration, facts,
// licence key, scrape, accounts, what the receiver answers. Through all of its views, in both languages:
// nothing runs, nothing becomes markup, nobody else is asked, and the texts can be read as they are.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { skipNative as skip } from "./browser.mjs";
import { hostileCatalogue, hostileConfiguration, hostileExposition, hostileFacts, hostileLicences } from "./hostile-installation.mjs";
import { naughty, own, withoutNaughty } from "./hostile-texts.mjs";
import { until } from "./lab.mjs";
import { browser, lab } from "./stage.mjs";
import { PASSWORD, Visitor } from "./visitor.mjs";
import { allTexts, strangers, Watch } from "./watch.mjs";

const options = { skip, timeout: 900_000 };

/** Answers every report with hostile words; what it answers is the test's. */
async function startReceiver() {
  const says = { status: 202, body: "{}" };
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(says.status, { "Content-Type": "text/html" }).end(says.body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  lab.servers.push(server);
  return { says, endpoint: `http://127.0.0.1:${server.address().port}/pings?%3Cscript%3EcandorRan()%3C/script%3E=%22%3E%3Cimg+src=x+onerror=candorRan()%3E` };
}

// The browser's own lines about answers that the page expects.
const isExpected = (text) => /^Failed to load resource: the server responded with a status of (401|403|404|409|412|422|503)/.test(text);

async function visit(address, locale) {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 1400 }, acceptDownloads: true });
  context.setDefaultTimeout(120_000);
  const watch = await Watch.on(context, new URL(address).origin);
  watch.expect(isExpected);
  const tab = await context.newPage();
  await tab.goto(address);
  const visitor = new Visitor(tab);
  visitor.watch = watch;
  return visitor;
}

const NAME = "<img src=x onerror=candorRan()>";
/** Names that accounts may have; those that differ in case alone are one. */
const namesIn = (texts) => texts.filter((text, i) => mayBeName(text) && texts.findIndex((other) => other.toLowerCase() === text.toLowerCase()) === i).slice(0, 12);
const mayBeName = (text) => /^[\x21-\x7E](?:[\x20-\x7E]{0,62}[\x21-\x7E])?$/.test(text) && !/[:/]/.test(text);

async function begin(name, texts, { configuration = {}, licence = hostileLicences(texts)[0] } = {}) {
  const receiver = await startReceiver();
  const real = await lab.startExposition(texts.find((text) => text !== ""), "asked", { metrics: hostileExposition(texts) });
  const down = { name: own[0], id: own[1], version: own[2], readiness: "http://127.0.0.1:9/%3Cscript%3EcandorRan()%3C/script%3E", metrics: "http://127.0.0.1:9/metrics" };
  const made = lab.installation(name, {
    configuration: hostileConfiguration(texts, [real, down], { endpoint: receiver.endpoint, ...configuration }),
    facts: { ...hostileFacts(texts), licenseKey: licence }, catalogue: lab.write(`${name}-catalogue.json`, hostileCatalogue(texts)),
  });
  await made.start();
  return { made, receiver };
}

const ready = (tab, where) => tab.locator(`${where} candor-report-preview .notice.good`).first().waitFor();

async function calm(visitor, where) {
  assert.deepEqual(await strangers(visitor.tab), [], where);
  visitor.watch.assertCalm(where);
}

/** Everything that can be folded away is not. */
const unfold = (tab) => tab.evaluate(() => {
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.localName === "details") element.open = true;
      if (element.shadowRoot !== null) look(element.shadowRoot);
    }
  };
  look(document);
});

async function assertSays(tab, texts, where) {
  const said = (await allTexts(tab)).join("\n");
  for (const text of texts) assert.ok(said.includes(text), `${where} does not say ${JSON.stringify(text)}`);
}

const oneLine = (text) => text.replace(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g, " ").trim();

for (const [name, texts, how] of [["own", own, options], ["naughty", naughty?.filter((text) => text !== ""), { ...options, skip: skip || withoutNaughty }]]) {
  test(`no text of an installation runs or becomes markup in any view: ${name}`, how, async () => {
    const { made, receiver } = await begin(name, texts);
    receiver.says.body = texts.filter((text) => !/[\u0000]/.test(text)).join(" ").slice(0, 900);
    const ada = await visit(await made.setupLink(), "en-GB");
    await ada.setUp(NAME);

    await ready(ada.tab, "candor-consent");
    await unfold(ada.tab);
    await calm(ada, "the dialog");
    const titles = texts.map(oneLine).filter((text) => text !== "" && Buffer.byteLength(text) <= 200);
    await assertSays(ada.tab, titles, "the dialog");
    await ada.sayLooked();
    await ada.agree();
    await ada.tab.locator("candor-consent footer .decide button").click();
    const sent = await made.reporter(["send"]);
    assert.equal(sent.status, 0, sent.errors);

    await made.user(["add", "bob", "--role", "viewer"], PASSWORD);
    for (const account of namesIn(texts)) await made.user(["add", account, "--role", "viewer"], PASSWORD);
    const bob = await visit(made.address, "de-DE");
    await bob.signIn("bob");
    await bob.tab.locator("candor-standing").waitFor();

    for (const visitor of [ada, bob]) {
      const { tab } = visitor;
      await visitor.openPage("telemetry");
      await tab.locator("candor-tile").first().waitFor();
      await unfold(tab);
      await tab.waitForTimeout(1000);
      await calm(visitor, "telemetry");
      await assertSays(tab, texts.filter((text) => text !== "" && !text.startsWith("${")), "telemetry");

      await visitor.openPage("report");
      await ready(tab, "candor-report-page");
      await calm(visitor, "report");
      const grid = tab.locator("candor-report-page candor-report-preview [role=treegrid]");
      await grid.focus();
      for (const key of ["End", "PageUp", "PageUp", "Home", ...Array(20).fill("PageDown")]) await tab.keyboard.press(key);
      await calm(visitor, "report, read through");

      await visitor.openPage("history");
      await tab.locator("candor-report-row").first().waitFor();
      await unfold(tab);
      await tab.locator("candor-report-row dl").first().waitFor();
      await calm(visitor, "history");
      if (visitor === ada) {
        await assertSays(tab, [receiver.says.body.slice(0, 200), NAME], "history");
        await tab.locator("candor-report-row .actions button").first().click();
        await tab.locator("candor-report-row candor-report-preview .line .code").first().waitFor();
        await calm(visitor, "a sealed report");
      }

      await visitor.openPage("settings");
      await tab.locator("candor-settings table").first().waitFor();
      await calm(visitor, "settings");
      await visitor.openPage("account");
      await tab.locator("candor-account form").first().waitFor();
      if (visitor === ada) await tab.locator("candor-account tbody tr").nth(3).waitFor();
      await calm(visitor, "account");
      if (visitor === ada) await assertSays(tab, [NAME, ...namesIn(texts)], "account");
      // What stands in the address is a text, too.
      for (const hash of [...own.slice(0, 12), "setup=<script>candorRan()</script>", "report<img src=x onerror=candorRan()>"]) {
        await tab.evaluate((text) => (location.hash = text), hash);
        await tab.waitForTimeout(30);
      }
      await calm(visitor, "a strange address");
    }
    await Promise.all([ada, bob].map((visitor) => visitor.leave()));
    await made.stop();
  });
}

test("what is wrong with hostile facts, and what a receiver refuses, is told as text", options, async () => {
  const { made, receiver } = await begin("wrong", own.slice(0, 40));
  receiver.says.status = 400;
  receiver.says.body = own.slice(0, 12).join("");
  const ada = await visit(await made.setupLink(), "de-DE");
  await ada.setUp(NAME);
  await ready(ada.tab, "candor-consent");
  await ada.sayLooked();
  await ada.agree();
  await ada.tab.locator("candor-consent footer .decide button").click();
  await made.reporter(["send"]);
  await ada.tab.reload();
  await ada.openPage("history");
  await ada.tab.locator("candor-report-row").first().waitFor();
  await unfold(ada.tab);
  await calm(ada, "a rejected report");
  // Values of a wrong type, beneath keys that are hostile.
  made.tell("zz", { values: { list: own, text: Object.fromEntries(own.map((text, i) => [`t${String(i).padStart(4, "0")}`, [text]])), customer: { "<script>candorRan()</script>": 1 } } });
  await ada.openPage("report");
  await until("the page to say what is wrong", async () => {
    await ada.tab.locator("candor-report-page .actions button").last().click().catch(() => {});
    return ada.tab.locator("candor-report-page .notice.bad li").count();
  }, 60_000);
  await calm(ada, "a report that cannot be made");
  await ada.leave();
  await made.stop();
});
