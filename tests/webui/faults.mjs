// What is wrong with the state that a tab is in: for who cannot see well, has a small screen, or asked
// for stillness. Found by axe, and by looking at sizes and animations.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { Watch } from "./watch.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const THEMES = ["light", "dark"];
const WIDE = { width: 1280, height: 900 };
// As wide as the narrowest phone, and what is left of 1280 pixels at 200 %.
const NARROW = [{ width: 320, height: 640 }, { width: 640, height: 450 }];

export const LOCALES = ["en-GB", "de-DE"];

/** A function that opens tabs of contexts of their own, watched all the time. */
export const opener = (browser, locale) => async (address) => {
  const context = await browser.newContext({ locale, viewport: WIDE });
  context.setDefaultTimeout(120_000);
  const watch = await Watch.on(context, address.startsWith("http") ? new URL(address).origin : undefined);
  const tab = await context.newPage();
  tab.watch = watch;
  await tab.goto(address);
  return tab;
};

const still = (tab) => tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

async function violations(tab) {
  if (!(await tab.evaluate(() => "axe" in globalThis))) await tab.evaluate(axe);
  return tab.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 5).map(({ target, any, all, none }) =>
      `${target.join(" ")} (${[...any, ...all, ...none].map(({ message }) => message).join("; ")})`).join(" | ")}`);
  });
}

/** Parts that are wider than where they stand, though nobody can scroll them. */
async function overflows(tab) {
  return tab.evaluate(() => {
    const found = [];
    const page = document.scrollingElement;
    if (page.scrollWidth > innerWidth) found.push(`the page is ${page.scrollWidth} wide in ${innerWidth}`);
    const look = (root) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot !== null) look(element.shadowRoot);
        if (element.localName !== "dialog" && !element.matches("dialog .body, main")) continue;
        const { left, right } = element.getBoundingClientRect();
        if (left < -1 || right > innerWidth + 1) found.push(`${element.localName}.${element.className} stands from ${left} to ${right}`);
        if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) found.push(`${element.localName}.${element.className} scrolls sideways`);
      }
    };
    look(document);
    return found;
  });
}

const moving = (tab) => tab.evaluate(() => {
  const found = [];
  const look = (root) => {
    found.push(...root.getAnimations().filter(({ playState }) => playState === "running").map(({ effect }) => effect.target.localName));
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot !== null) look(element.shadowRoot);
  };
  look(document);
  return found;
});

/** What is wrong with one state, in words. */
export async function faults(tab) {
  const found = [];
  for (const colorScheme of THEMES) {
    await tab.emulateMedia({ colorScheme });
    await still(tab);
    found.push(...(await violations(tab)).map((words) => `${colorScheme}: ${words}`));
  }
  for (const size of NARROW) {
    await tab.setViewportSize(size);
    await still(tab);
    found.push(...(await overflows(tab)).map((words) => `${size.width} pixels: ${words}`));
    if (size === NARROW[0]) found.push(...(await violations(tab)).map((words) => `${size.width} pixels: ${words}`));
  }
  await tab.setViewportSize(WIDE);
  await tab.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await still(tab);
  found.push(...(await moving(tab)).map((name) => `${name} moves`));
  await tab.emulateMedia({ reducedMotion: null });
  return found;
}
