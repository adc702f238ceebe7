// What the tests of a file play on: a lab and a browser, there before the first and gone behind the last.
import { after, before } from "node:test";

import { launch, skipNative } from "./browser.mjs";
import { Lab } from "./lab.mjs";

export let lab;
export let browser;
before(async () => {
  if (skipNative) return;
  lab = new Lab();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await lab?.close();
});
