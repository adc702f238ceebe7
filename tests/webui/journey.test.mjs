// The whole way, once, as an administrator goes it: first visit, set-up, look, download, leave two
// fields out, agree; and the report arrives. Real servers, real scrapes, a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, sha256, skipNative as skip } from "./browser.mjs";
import { arrived, looked } from "./chain.mjs";
import { Lab } from "./lab.mjs";
import { Visitor } from "./visitor.mjs";

let lab;
let browser;
before(async () => {
  if (skip) return;
  lab = new Lab();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await lab?.close();
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
  await visitor.openPage("history");
  await visitor.reads("candor-history", /Accepted/);
  const verified = await made.reporter(["history", "verify"]);
  assert.equal(verified.status, 0, verified.errors);
  assert.deepEqual(visitor.tab.complaints, []);
});
