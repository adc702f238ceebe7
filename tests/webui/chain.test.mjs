// That the check of the chain can fail: bytes are spoiled at one link after another, and it says at which.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { skipNative as skip } from "./browser.mjs";
import { arrived, looked } from "./chain.mjs";
import { browser, lab } from "./stage.mjs";
import { Visitor } from "./visitor.mjs";

function spoilt(bytes) {
  const edited = Buffer.from(bytes);
  edited[edited.length >> 1] ^= 1;
  return edited;
}

test("one changed bit is found out wherever it happens between the look and the history", { skip, timeout: 120_000 }, async () => {
  const receiver = await lab.startReceiver();
  const facts = { values: { product: { name: "Shop", version: "2.1", edition: "community" } } };
  const made = await lab.installation("chain", { configuration: { mode: "online", catalogue: "engine", endpoint: receiver.endpoint }, facts }).start();
  const visitor = await Visitor.visit(browser, await made.setupLink());
  await visitor.setUp();
  await visitor.dialog.waitFor();
  await visitor.settled();
  const { tab, preview } = visitor;
  const differs = (name) => new RegExp(`^${name} differs`);
  const between = async (addresses) => tab.route(addresses, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: spoilt(await answer.body()) });
  });

  await between("**/api/v1/preview/*");
  await assert.rejects(looked(visitor, preview), { message: differs("the server's") });
  await tab.unroute("**/api/v1/preview/*");

  await tab.evaluate(() => {
    window.WholeBlob = Blob;
    window.Blob = class extends Blob {
      constructor([bytes], options) {
        super([bytes.map((byte, at) => at === 9 ? byte ^ 1 : byte)], options);
      }
    };
  });
  await assert.rejects(looked(visitor, preview), { message: differs("downloaded") });
  await tab.evaluate(() => (window.Blob = window.WholeBlob));

  const bytes = await looked(visitor, preview);
  await visitor.agree();
  await visitor.done();
  await between("**/api/v1/reports/*/bytes");
  await assert.rejects(arrived(visitor, made, receiver, bytes), { message: differs("sealed") });
  await tab.unroute("**/api/v1/reports/*/bytes");

  const { id } = await arrived(visitor, made, receiver, bytes);
  const path = join(receiver.folder, `${id}.json`);
  writeFileSync(path, spoilt(readFileSync(path)));
  await assert.rejects(arrived(visitor, made, receiver, bytes), { message: differs("received") });
  writeFileSync(path, bytes);
  await arrived(visitor, made, receiver, bytes);
});
