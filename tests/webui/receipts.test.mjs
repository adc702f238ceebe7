// The page checks what the real service signed, without asking it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { skipNative as skip } from "./browser.mjs";
import { browser, lab } from "./stage.mjs";
import { until } from "./lab.mjs";
import { Visitor } from "./visitor.mjs";

test("a receipt is checked in the history, and called wrong when one bit of it is changed", { skip, timeout: 120_000 }, async () => {
  const collector = await lab.startCollector();
  const facts = { values: { product: { name: "Shop", version: "2.1", edition: "community" } } };
  const made = await lab.installation("receipts", { configuration: { mode: "online", catalogue: "engine", endpoint: collector.endpoint }, facts }).start();
  const visitor = await Visitor.visit(browser, await made.setupLink());
  await visitor.setUp();
  await visitor.dialog.waitFor();
  await visitor.settled();
  await visitor.sayLooked();
  await visitor.agree();
  await visitor.done();
  await visitor.closeDialog();
  await until("its receipt", async () => (await made.reporter(["send"])).status === 0 || (await visitor.api("reports")).json.reports.some(({ receipt }) => receipt));
  await until("the service's keys", async () => (await visitor.api("history")).json.entries.some(({ kind }) => kind === "keys"));
  await collector.program.end();

  const { tab } = visitor;
  const said = tab.locator("candor-report-row #receipt").last();
  const look = async () => {
    await tab.reload();
    await visitor.openPage("history");
    await tab.locator("candor-report-row summary").last().click();
    await said.waitFor();
    return (await said.innerText()).trim();
  };
  assert.equal(await look(), "checked");
  // What is said of it stands in the column of values, and so does all that follows.
  const lefts = await tab.locator("candor-report-row dl").last().locator("dd").evaluateAll((all) => all.map((dd) => Math.round(dd.getBoundingClientRect().left)));
  assert.equal(new Set(lefts).size, 1, lefts.join(" "));
  await tab.route("**/api/v1/reports?*", async (route) => {
    const answer = await route.fetch();
    const spoilt = await answer.json();
    for (const report of spoilt.reports) {
      const receipt = JSON.parse(report.receipt ?? "null");
      if (receipt === null) continue;
      const bytes = Buffer.from(receipt.signature, "base64");
      bytes[7] ^= 16;
      report.receipt = JSON.stringify({ ...receipt, signature: bytes.toString("base64") });
    }
    await route.fulfill({ response: answer, json: spoilt });
  });
  assert.equal(await look(), "wrong");
  await visitor.leave();
});
