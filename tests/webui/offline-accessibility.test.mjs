// The stand-alone page in all its states: no violation that axe finds in either language and theme, no
// sideways scrolling on narrow screens or at 200 %, nothing moves where stillness was asked for.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch, skipNative as skip } from "./browser.mjs";
import { faults, LOCALES, opener } from "./faults.mjs";
import { walkOffline } from "./walk-offline.mjs";

let browser;
let folder;
before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "candor-offline-"));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

for (const locale of LOCALES) {
  test(`every state of the stand-alone page is accessible, fits narrow screens and asks nobody, ${locale}`, { skip, timeout: 600_000 }, async (t) => {
    let states = 0;
    for await (const { name, tab } of walkOffline(folder, opener(browser, locale))) {
      states++;
      await t.test(name, async () => {
        assert.deepEqual(await faults(tab), []);
        assert.equal(await tab.evaluate(() => document.documentElement.lang), locale.slice(0, 2));
        tab.watch.assertCalm();
      });
    }
    assert.equal(states, 4);
  });
}
