// The collector's page on a real collector: what arrives there, what is carried there, what may be told
// of it, and that nothing of it becomes code.
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { parquetReadObjects } from "hyparquet";

import { sha256, skipNative as skip } from "./browser.mjs";
import { faults, LOCALES, opener } from "./faults.mjs";
import { cut, own } from "./hostile-texts.mjs";
import { until } from "./lab.mjs";
import { browser, lab } from "./stage.mjs";
import { Visitor } from "./visitor.mjs";
import { walkCollector } from "./walk-collector.mjs";

const options = { skip, timeout: 300_000 };
const today = () => new Date().toISOString().slice(0, 10);
const nth = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const engineReport = (n, more = {}) => JSON.stringify({
  installation: nth(n),
  product: { name: "Camunda BPM Runtime", version: "7.20.0", edition: "community", internals: { commands: { DeployCmd: { count: 2 ** 52 } }, ...more } },
});

const post = (collector, body) => fetch(collector.endpoint, { method: "POST", body, headers: { "Content-Type": "application/json" } });
const latest = async ({ address }) => (await (await fetch(`${address}v1/reports?latest=100`)).json()).reports;

/** All text that can be seen, through every shadow. */
const text = (tab) => new Visitor(tab).text("candor-collector");

async function open(collector, path = "", locale = "en-GB") {
  const tab = await opener(browser, locale)(`${collector.address}${path}`);
  await tab.locator("main h1").waitFor();
  return tab;
}

async function showToday(tab) {
  for (const id of ["from", "to"]) await tab.locator(`#${id}`).fill(today());
  await tab.locator("form button.primary").click();
}

async function saved(tab, click) {
  const [download] = await Promise.all([tab.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const choose = (tab, files) => tab.locator("#files").setInputFiles(files.map(([name, bytes]) => ({ name, mimeType: "application/json", buffer: Buffer.from(bytes) })));
const results = (tab, n) => until(`${n} results`, async () => (await tab.locator("candor-upload li.card button, candor-upload li.card p[lang=en]").count()) >= n);

/** As anybody can check it, with nothing but the published keys. */
async function assertReceipt(collector, bytes, digest) {
  const receipt = JSON.parse(bytes);
  const { keys } = await (await fetch(`${collector.address}v1/keys`)).json();
  const { public: key } = keys.find(({ id }) => id === receipt.key);
  const signed = Buffer.from(`candor-receipt-1\n${receipt.digest}\n${receipt.time}\n${receipt.key}\n`);
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(key, "base64")]);
  assert.equal(receipt.digest, digest);
  assert.ok(verify(null, signed, createPublicKey({ key: spki, format: "der", type: "spki" }), Buffer.from(receipt.signature, "base64")));
}

const component = (lab) => lab.startExposition("Operate", "operate", { metrics: "# TYPE process_cpu_usage gauge\nprocess_cpu_usage 0.5\n" });
const configuration = (component, mode, more) => ({
  mode, catalogue: "console", customerId: "urbanisierung-in-da-house", installationId: "lenovo-diypunk",
  managed: { method: "plain", releases: [{ name: "camunda", namespace: "default", components: [component] }] }, ...more,
});

test("a yes on the page, its receipt in the history, the report on the collector's page; carried there, too, it counts once", options, async () => {
  const collector = await lab.startCollector();
  const made = await lab.installation("to-collector", {
    configuration: configuration(await component(lab), "online", { endpoint: collector.endpoint }),
  }).start();
  const visitor = await Visitor.visit(browser, await made.setupLink());
  await visitor.setUp();
  const { digest } = await visitor.settled();
  const { bytes } = await visitor.preview.download();
  await visitor.sayLooked();
  assert.deepEqual(await latest(collector), []);
  await visitor.agree();
  await visitor.done();
  await visitor.closeDialog();
  await visitor.sendNow();
  await until("the report at the collector", async () => (await latest(collector)).length > 0);
  assert.deepEqual((await latest(collector)).map((report) => report.digest), [digest]);
  const row = visitor.tab.locator("candor-report-row", { hasText: digest.slice(0, 16) });
  await row.locator("summary", { hasText: "accepted" }).click();
  const receipt = await until("the receipt", () => row.locator("dd", { hasText: '"signature"' }).textContent({ timeout: 1000 }).catch(() => ""));
  await assertReceipt(collector, receipt, digest);
  await visitor.leave();

  const lately = await open(collector, "lately");
  await lately.locator("tbody tr", { hasText: digest.slice(0, 16) }).waitFor();
  assert.match(await text(lately), /lenovo-diypunk sent [0-9a-f]{16}/);

  const upload = await open(collector, "upload");
  await choose(upload, [["candor-report.json", bytes]]);
  await results(upload, 1);
  assert.match(await text(upload), /was here already; this is its first receipt/);
  const again = await saved(upload, () => upload.locator("li.card button").click());
  assert.equal(again.name, `${digest}.receipt.json`);
  assert.deepEqual(JSON.parse(again.bytes), JSON.parse(receipt));
  assert.equal((await latest(collector)).length, 1);
  await lately.context().close();
  await upload.context().close();
});

test("a site without a network: its downloaded report is handed over by hand, and what is no report is refused with every problem", options, async () => {
  const collector = await lab.startCollector();
  const made = await lab.installation("air-gapped", { configuration: configuration(await component(lab), "download") }).start();
  const visitor = await Visitor.visit(browser, await made.setupLink());
  await visitor.setUp();
  const preview = await visitor.openReport();
  const { digest } = await preview.compared();
  const { bytes } = await preview.download();
  await visitor.leave();

  const tab = await open(collector, "upload");
  tab.watch.expect((words) => /400/.test(words));
  await choose(tab, [["report.json", bytes], ["broken.json", '{"installation": 1, "product": {"name": 2, "internals": {"jdk": {}}}}'], ["again.json", bytes]]);
  await results(tab, 3);
  const said = await text(tab);
  assert.match(said, /2 reports are there, 1 was refused/);
  assert.match(said, /report\.json .* is kept\./);
  assert.match(said, /again\.json .* was here already/);
  for (const pointer of ["/installation", "/product/name", "/product/version", "/product/edition"]) assert.ok(said.includes(pointer), pointer);
  const { name, bytes: receipt } = await saved(tab, () => tab.locator("li.card", { hasText: "is kept" }).locator("button").click());
  assert.equal(name, `${sha256(bytes)}.receipt.json`);
  await assertReceipt(collector, receipt, digest);
  assert.deepEqual((await latest(collector)).map(({ way, digest: of }) => [way, of]), [["file", digest]]);
  tab.watch.assertCalm();
  await tab.context().close();
});

test("statistics stand on the page and in its files, exact, and tell of no fewer than ten", options, async () => {
  const collector = await lab.startCollector();
  for (let n = 1; n <= 9; n++) assert.equal((await post(collector, engineReport(n))).status, 202);
  const tab = await open(collector);
  await showToday(tab);
  await until("that there is nothing to tell", async () => /Fewer than 10 installations reported/.test(await text(tab)));
  for (let n = 10; n <= 12; n++) assert.equal((await post(collector, engineReport(n))).status, 202);
  await until("the statistics of now", async () => {
    await showToday(tab);
    return (await tab.locator("candor-catalogue-statistics").count()) === 1;
  }, 30_000);
  // The days stand in the address: a reload keeps them, and Back returns to the first ones.
  assert.equal(new URL(tab.url()).search, `?from=${today()}&to=${today()}`);
  await tab.reload();
  await tab.locator("candor-catalogue-statistics").waitFor();
  await tab.goBack();
  await until("the first days", async () => (await tab.locator("#to").inputValue()) < today());
  await tab.goForward();
  await tab.locator("candor-catalogue-statistics").waitFor();
  const total = 12n * 2n ** 52n; // More than a number in JavaScript is exact to.
  const said = await text(tab);
  assert.match(said, /Installations: 12\. Reports: 12\./);
  assert.match(said, /7\.20\.0 .*12/);
  assert.ok(said.includes(total.toLocaleString("en-GB")), said);

  const json = await saved(tab, () => tab.locator("#json").click());
  assert.equal(json.name, `candor-statistics-${today()}-${today()}.json`);
  assert.ok(json.bytes.includes(String(total)));
  const csv = await saved(tab, () => tab.getByRole("link", { name: "CSV" }).click());
  assert.match(csv.bytes.toString(), new RegExp(`^engine,sum,/product/internals/commands/DeployCmd/count,,12,${total}\r$`, "m"));
  const parquet = await saved(tab, () => tab.locator("#parquet").click());
  const { buffer, byteOffset, byteLength } = parquet.bytes;
  const rows = await parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + byteLength) });
  assert.deepEqual(rows.find(({ what }) => what === "catalogue"), { catalogue: "engine", what: "catalogue", place: "", value: null, others: false, installations: 12n, total: 12n });
  assert.equal(rows.find(({ place }) => place.endsWith("/DeployCmd/count")).total, total);
  assert.equal(rows.length, csv.bytes.toString().trim().split("\r\n").length - 1);
  tab.watch.assertCalm();
  await tab.context().close();
});

test("who chooses days before the first answer came is shown these, and no others later", options, async () => {
  const collector = await lab.startCollector();
  for (let n = 1; n <= 10; n++) assert.equal((await post(collector, engineReport(n))).status, 202);
  const tab = await open(collector);
  let release = () => {};
  const held = new Promise((resolve) => { release = resolve; });
  await tab.route(/v1\/statistics\?$/, async (route) => {
    await held;
    await route.continue();
  });
  await tab.reload();
  await tab.locator("main h1").waitFor();
  await showToday(tab);
  await tab.locator("candor-catalogue-statistics").waitFor();
  const first = tab.waitForResponse(/v1\/statistics\?$/);
  release();
  await (await first).finished();
  await tab.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 200); }));
  assert.equal(await tab.locator("#to").inputValue(), today());
  assert.equal(await tab.locator("candor-catalogue-statistics").count(), 1);
  tab.watch.assertCalm();
  await tab.context().close();
});

test("no text of a report becomes code or markup", options, async () => {
  const collector = await lab.startCollector();
  const texts = own.filter((words) => !words.includes("\0")).map((words) => cut(words, 256));
  for (let n = 1; n <= 10; n++) {
    assert.equal((await post(collector, engineReport(n, { "camunda-integration": texts }))).status, 202);
  }
  for (const [n, words] of texts.entries()) {
    const body = JSON.stringify({ installation: { cid: `hostile ${n}`, iid: words }, dataPoints: [] });
    assert.equal((await post(collector, body)).status, 202, words);
  }
  const tab = await open(collector);
  await showToday(tab);
  await tab.locator("candor-catalogue-statistics").first().waitFor();
  const shown = await tab.locator("candor-catalogue-statistics .card", { hasText: "camunda-integration" }).locator("td bdi").allTextContents();
  assert.equal(shown.length, Math.min(texts.length, 100));
  for (const words of shown) assert.ok(texts.includes(words), words);
  await saved(tab, () => tab.locator("#parquet").click());
  tab.watch.assertCalm("statistics");
  await tab.context().close();

  const lately = await open(collector, "lately");
  await lately.locator("tbody tr").nth(19).waitFor();
  for (const words of await lately.locator("td bdi").allTextContents()) assert.ok(texts.includes(words), words);
  lately.watch.assertCalm("lately");
  await lately.context().close();

  const upload = await open(collector, "upload");
  upload.watch.expect((words) => /400/.test(words));
  const hostile = own.filter((words) => !/[\0/]/.test(words) && words.trim() !== "").slice(0, 20);
  await choose(upload, hostile.map((words) => [words, JSON.stringify({ installation: words, [words]: words })]));
  await results(upload, hostile.length);
  upload.watch.assertCalm("upload");
  await upload.context().close();
});

for (const locale of LOCALES) {
  test(`every place of the collector's page is accessible, and fits narrow screens, ${locale}`, options, async (t) => {
    let states = 0;
    for await (const { name, tab } of walkCollector(lab, opener(browser, locale))) {
      states++;
      tab.watch.expect((words) => /400/.test(words));
      await t.test(name, async () => {
        assert.deepEqual(await faults(tab), []);
        assert.equal(await tab.evaluate(() => document.documentElement.lang), locale.slice(0, 2));
        tab.watch.assertCalm();
      });
    }
    assert.equal(states, 5);
  });
}

test("the collector's page is used by keyboard alone", options, async () => {
  const collector = await lab.startCollector();
  for (let n = 1; n <= 10; n++) await post(collector, engineReport(n));
  const tab = await open(collector);
  await showToday(tab);
  await tab.locator("candor-catalogue-statistics").waitFor();
  const reach = (what) => until(`the focus on ${what}`, async () => {
    await tab.keyboard.press("Tab");
    return tab.evaluate((wanted) => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at?.matches(wanted);
    }, what);
  });
  await reach("#parquet");
  const file = await saved(tab, () => tab.keyboard.press("Enter"));
  assert.ok(file.name.endsWith(".parquet"));
  await reach("candor-bars summary, summary");
  await tab.keyboard.press("Enter");
  await reach("[role=group][tabindex]"); // What scrolls is reached, too.
  await tab.reload();
  await reach("a[href='./upload']");
  await tab.keyboard.press("Enter");
  await tab.locator("candor-upload #files").waitFor();
  await tab.context().close();
});

test("the page's policy lets nothing in, and single reports are for the operator alone", options, async () => {
  const collector = await lab.startCollector();
  const page = await fetch(collector.address);
  assert.match(page.headers.get("Content-Security-Policy"), /^default-src 'none'; script-src 'self'; .*require-trusted-types-for 'script'; trusted-types lit-html$/);
  const behind = await fetch(`${collector.address}v1/reports?latest=1`, { headers: { "X-Forwarded-For": "192.0.2.1" } });
  assert.equal(behind.status, 403);
  const context = await browser.newContext({ extraHTTPHeaders: { "X-Forwarded-For": "192.0.2.1" } });
  const tab = await context.newPage();
  await tab.goto(`${collector.address}lately`);
  await until("that it is not for others", async () => /shown to the operator only/.test(await text(tab)));
  await context.close();
});
