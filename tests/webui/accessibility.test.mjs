// Every main state of the page: no violation that axe finds in either language and theme, no sideways
// scrolling on narrow screens or at 200 %, nothing that moves where stillness was asked for, and the
// server's reasons in the reader's language.
import assert from "node:assert/strict";
import { test } from "node:test";

import { skipNative as skip } from "./browser.mjs";
import { faults, LOCALES, opener } from "./faults.mjs";
import { browser, lab } from "./stage.mjs";
import { walk } from "./walk.mjs";

for (const locale of LOCALES) {
  test(`every main state is accessible, and fits narrow screens, ${locale}`, { skip, timeout: 1_200_000 }, async (t) => {
    let states = 0;
    for await (const { name, tab } of walk(lab, opener(browser, locale))) {
      states++;
      await t.test(name, async () => {
        assert.deepEqual(await faults(tab), []);
        assert.equal(await tab.evaluate(() => document.documentElement.lang), locale.slice(0, 2));
        if (locale !== "en-GB") assert.equal(await tab.locator("candor-standing dd[lang=en]").count(), 0, "a reason in English");
      });
    }
    assert.ok(states >= 30, `${states} states`);
  });
}
