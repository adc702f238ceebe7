// The whole way, once, as an administrator goes it: first visit, set-up, look, download, leave two
// fields out, agree; and the report arrives. Real servers, real scrapes, a real browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { sha256, skipNative as skip } from "./browser.mjs";
import { arrived, looked } from "./chain.mjs";
import { browser, lab } from "./stage.mjs";
import { fileName, Preview, Visitor } from "./visitor.mjs";

test("the stand-alone page that the server hands out makes the server's bytes, without it", { skip, timeout: 120_000 }, async () => {
  const facts = { values: { product: { name: "Shop \u2028 \u00fc", version: "2.1", edition: "community" } } };
  const made = await lab.installation("alone", { configuration: { mode: "online", catalogue: "engine" }, facts }).start();
  const visitor = await Visitor.visit(browser, await made.setupLink());
  await visitor.setUp();
  await visitor.dialog.waitFor();
  const { digest } = await visitor.settled();
  const bundle = await visitor.api("preview", { method: "POST", body: { as: "grant", withheld: [] } });
  const page = await fetch(new URL("offline.html", made.address));
  assert.match(page.headers.get("Content-Disposition"), /^attachment/);
  const alone = await Visitor.visit(browser, pathToFileURL(lab.write("offline.html", await page.text())).href);
  await made.kill();
  await alone.tab.setInputFiles("candor-offline #files", { name: "bundle.json", mimeType: "application/json", buffer: bundle.bytes });
  const preview = new Preview(alone.tab, alone.tab.locator("candor-offline candor-report-preview"));
  assert.match((await preview.compared()).notice, /^Identical/);
  assert.equal(sha256(await preview.bytes()), digest);
  assert.equal(sha256((await preview.download()).bytes), digest);
  await Promise.all([visitor.leave(), alone.leave()]);
});

test("what is looked at, downloaded, sealed, received and kept is one byte string", { skip, timeout: 180_000 }, async (t) => {
  const [components, receiver] = await Promise.all([lab.startComponents(), lab.startReceiver()]);
  const made = await lab.installation("journey", {
    configuration: {
      mode: "online", catalogue: "console", endpoint: receiver.endpoint,
      customerId: "example-customer", installationId: "example-installation",
      managed: { method: "plain", releases: [{ name: "example", namespace: "default", components }] },
    },
  }).start();
  const visitor = await Visitor.visit(browser, await made.setupLink());
  await visitor.setUp();
  await visitor.dialog.waitFor();

  await visitor.settled();
  const whole = await looked(visitor, visitor.preview);
  assert.ok(whole.includes('"node_cpu_seconds_total"') && whole.includes('"go_goroutines"'));
  await visitor.withhold(["/dataPoints#node_cpu_seconds_total", "/dataPoints#node_boot_time_seconds"]);
  await visitor.settled();
  const agreed = await looked(visitor, visitor.preview);
  assert.notEqual(sha256(agreed), sha256(whole));
  assert.ok(!agreed.includes("node_cpu_seconds_total") && !agreed.includes("node_boot_time_seconds"));
  assert.ok(agreed.includes('"node_load1"'));
  assert.deepEqual(receiver.ids(), [], "nothing is sent before somebody agreed");

  await visitor.agree();
  assert.match(await visitor.done(), /^You agreed\. Exactly the report you saw/);
  const record = await arrived(visitor, made, receiver, agreed);
  assert.equal(record.kind, "shown");
  t.diagnostic(`${agreed.length} bytes, sha256 ${sha256(agreed)}`);
  const { json } = await visitor.api("consent");
  assert.deepEqual(json.consent.withheld, ["/dataPoints#node_boot_time_seconds", "/dataPoints#node_cpu_seconds_total"]);
  assert.equal(json.consent.who, "ada");
  assert.equal(json.consent.reportDigest, sha256(agreed));

  await visitor.closeDialog();
  await visitor.openReport();
  const edited = Buffer.from(agreed);
  edited[edited.length / 2 | 0] ^= 1;
  for (const [bytes, words] of [[agreed, /byte for byte/], [edited, /was changed since it was downloaded/]]) {
    await visitor.tab.setInputFiles("candor-report-page candor-verify input", { name: fileName(agreed), mimeType: "application/json", buffer: bytes });
    await visitor.reads("candor-report-page candor-verify .notice", words);
  }
  await visitor.openPage("history");
  await visitor.reads("candor-history", /Accepted/);
  const verified = await made.reporter(["history", "verify"]);
  assert.equal(verified.status, 0, verified.errors);
  assert.deepEqual(visitor.tab.complaints, []);
});
