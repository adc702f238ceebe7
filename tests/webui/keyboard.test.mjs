// From the set-up link to a yes with the keyboard alone; where the focus is and stays on the way.
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { skipNative as skip } from "./browser.mjs";
import { until } from "./lab.mjs";
import { browser, lab } from "./stage.mjs";
import { PASSWORD } from "./visitor.mjs";
import { demoComponents, demoConfiguration } from "./walk.mjs";

const options = { skip, timeout: 240_000 };
let receiver;
let components;
before(async () => {
  if (skip) return;
  receiver = await lab.startReceiver();
  components = await demoComponents(lab);
});

let count = 0;
async function begin() {
  const made = lab.installation(`keys-${++count}`, { configuration: demoConfiguration(components, { endpoint: receiver.endpoint }) });
  await made.start();
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 900 } });
  const tab = await context.newPage();
  await tab.goto(await made.setupLink());
  await tab.locator("candor-setup form").waitFor();
  return { made, tab, context };
}

/** The element with the focus, through all shadow trees: what it is, where, and whether it shows it. */
const focused = (tab) => tab.evaluate(() => {
  let element = document.activeElement;
  const hosts = [];
  while (element?.shadowRoot?.activeElement) {
    hosts.push(element.localName);
    element = element.shadowRoot.activeElement;
  }
  const inside = (node) => {
    for (let at = node; at; at = at.parentNode ?? at.host) if (at.localName === "dialog") return true;
    return false;
  };
  const style = element && getComputedStyle(element);
  return {
    name: element.localName, id: element.id, hosts, inDialog: inside(element), isBody: element === document.body,
    text: (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 60), type: element.type,
    href: element.getAttribute("href"), role: element.getAttribute("role"),
    shows: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
  };
});

/** Presses Tab until the focus is where `is` says; every stop on the way must show that it has it. */
async function tabTo(tab, is, most = 120, key = "Tab") {
  const stops = [];
  for (let i = 0; i < most; i++) {
    await tab.keyboard.press(key);
    const at = await focused(tab);
    stops.push(`${at.hosts.at(-1) ?? ""} ${at.name}#${at.id} ${at.text}`);
    assert.ok(at.isBody || at.shows, `nothing shows that ${stops.at(-1)} has the focus`);
    if (is(at)) return at;
  }
  assert.fail(`never came there, but to\n${stops.join("\n")}`);
}

const dialogOpen = (tab) => tab.locator("candor-consent dialog[open]").waitFor();
const compared = (tab) => tab.locator("candor-consent candor-report-preview .notice.good").waitFor({ timeout: 60_000 });

async function setUpWithKeys(tab) {
  await tabTo(tab, ({ id }) => id === "name");
  await tab.keyboard.type("ada");
  await tabTo(tab, ({ id }) => id === "password");
  await tab.keyboard.type(PASSWORD);
  await tabTo(tab, ({ id }) => id === "again");
  await tab.keyboard.type(PASSWORD);
  await tab.keyboard.press("Enter");
  await dialogOpen(tab);
}

test("sets up, looks, leaves out two fields and agrees with the keyboard alone", options, async () => {
  const { made, tab, context } = await begin();
  await setUpWithKeys(tab);
  await compared(tab);
  // Look: to the end of the report.
  await tabTo(tab, ({ role }) => role === "treegrid");
  await tab.keyboard.press("ArrowDown");
  await tab.keyboard.press("End");
  await tab.locator("candor-consent #looked", { hasText: /scrolled|seen|looked/i }).waitFor();
  // Leave out two.
  await tabTo(tab, ({ name, hosts }) => name === "summary" && hosts.at(-1) === "candor-withholding");
  await tab.keyboard.press("Enter");
  const first = await tabTo(tab, ({ id }) => /^choice-/.test(id));
  await tab.keyboard.press("Space");
  await tabTo(tab, ({ id }) => /^choice-/.test(id) && id !== first.id);
  await tab.keyboard.press("Space");
  const withheld = await until("two to be left out", () => tab.locator("candor-withholding").evaluate((element) => element.withheld.length === 2 && element.withheld));
  await until("the preview to follow", () => tab.locator("candor-consent #grant[aria-disabled=false]").count());
  await tabTo(tab, ({ id }) => id === "grant");
  await tab.keyboard.press("Enter");
  await tab.locator("candor-consent footer button").waitFor();
  await until("the focus to be on the only button", async () => (await focused(tab)).name === "button" && (await focused(tab)).inDialog);
  await tab.keyboard.press("Enter");
  await tab.locator("candor-consent dialog[open]").waitFor({ state: "detached" });
  const { consent } = JSON.parse((await made.reporter(["status", "--json"])).output);
  assert.equal(consent.verdict, "granted");
  assert.deepEqual([...consent.withheld].sort(), [...withheld].sort());
  await context.close();
  await made.stop();
});

test("keeps the focus in the dialog, forwards and backwards", options, async () => {
  const { made, tab, context } = await begin();
  await setUpWithKeys(tab);
  await compared(tab);
  for (const key of ["Tab", "Shift+Tab"]) {
    const stops = new Set();
    for (let i = 0; i < 90; i++) {
      await tab.keyboard.press(key);
      const at = await focused(tab);
      assert.ok(at.inDialog || at.isBody, `${key} leads out of the dialog, to ${at.hosts.at(-1)} ${at.name} ${at.text}`);
      stops.add(`${at.hosts.at(-1)} ${at.name}#${at.id} ${at.text}`);
    }
    assert.ok(stops.size > 10, `${key} comes by ${[...stops]}`);
  }
  await context.close();
  await made.stop();
});

test("Escape means deciding later, and brings the focus back to where the dialog was opened", options, async () => {
  const { made, tab, context } = await begin();
  await setUpWithKeys(tab);
  await compared(tab);
  await tab.keyboard.press("Escape");
  await tab.locator("candor-consent dialog:not([open])").waitFor({ state: "attached" });
  assert.equal(JSON.parse((await made.reporter(["status", "--json"])).output).consent, null, "nothing is decided");
  const isDecide = ({ hosts, name }) => hosts.at(-1) === "candor-standing" && name === "button";
  await tab.locator("candor-standing button").waitFor();
  const before = await tabTo(tab, isDecide);
  await tab.keyboard.press("Enter");
  await dialogOpen(tab);
  await compared(tab);
  assert.equal((await focused(tab)).id, "title", "reading begins at the title");
  await tab.keyboard.press("Escape");
  await tab.locator("candor-consent dialog:not([open])").waitFor({ state: "attached" });
  assert.deepEqual(await focused(tab), before);
  // Later is later: it does not open again by itself in this tab.
  await tab.reload();
  await tab.locator("candor-standing button").waitFor();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal(await tab.locator("candor-consent dialog[open]").count(), 0);
  assert.equal(JSON.parse((await made.reporter(["status", "--json"])).output).consent, null);
  await context.close();
  await made.stop();
});

test("reaches every page by keyboard, and reading begins at its title", options, async () => {
  const { made, tab, context } = await begin();
  await setUpWithKeys(tab);
  await tab.keyboard.press("Escape");
  for (const page of ["report", "history", "settings", "account", "telemetry"]) {
    await tabTo(tab, ({ href }) => href === `#${page}`, 200);
    await tab.keyboard.press("Enter");
    let at;
    await until(() => `the title of ${page} to have the focus, not ${JSON.stringify(at)}`, async () => (at = await focused(tab)).name === "h1");
  }
  await context.close();
  await made.stop();
});
