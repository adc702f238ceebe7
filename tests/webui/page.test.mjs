// The page that `candor serve` holds, in Chromium, on a real server with real components.
import assert from "node:assert/strict";
import { afterEach, before, test } from "node:test";

import { openTab, skipNative as skip } from "./browser.mjs";
import { until } from "./lab.mjs";
import { browser, lab } from "./stage.mjs";
import { Preview } from "./visitor.mjs";
import { PASSWORDS, World } from "./world.mjs";

const options = { skip, timeout: 120_000 };
let world;

before(async () => {
  if (skip) return;
  await World.prepare(lab);
});
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
  await world?.stop();
  world = undefined;
});

const open = (path = "") => openTab(browser, new URL(path, world.address).href);

/** Nothing on the console, but for refusals that the test causes. */
function isCalm(...tabs) {
  const complaints = tabs.flatMap((tab) => tab.complaints);
  assert.deepEqual(complaints.filter((text) => !/Failed to load resource|net::ERR_/.test(text)), []);
}

async function signIn(tab, user) {
  await tab.getByLabel("Name", { exact: true }).fill(user);
  await tab.getByLabel("Password", { exact: true }).fill(PASSWORDS[user]);
  await tab.getByRole("button", { name: "Sign in" }).click();
  await tab.getByRole("navigation").waitFor();
}

async function visit(user, path = "") {
  const tab = await open(path);
  await signIn(tab, user);
  return tab;
}

const dialog = (tab) => tab.getByRole("dialog");
const button = (tab, name) => tab.getByRole("button", { name, exact: true });
const consent = async () => (await world.call("GET", "api/v1/consent")).json().consent;

async function identical(tab) {
  await tab.locator("candor-consent").getByText("Identical").waitFor();
}

async function later(tab) {
  await button(dialog(tab), "Decide later").click();
  await dialog(tab).waitFor({ state: "hidden" });
}

/** Looks, says so, and agrees. */
async function agree(tab) {
  await identical(tab);
  await tab.getByLabel("I have looked at the report.").check();
  await button(dialog(tab), "Agree and send").click();
}

async function decideAs(user, body) {
  const { etag } = await world.call("GET", "api/v1/consent", { as: user });
  return world.call("PUT", "api/v1/consent", { as: user, body, headers: { "If-Match": etag } });
}

test("a one-time link makes the first superuser, once", options, async () => {
  world = await World.start(lab, []);
  const link = await world.setupLink();
  const tab = await open(link);
  await tab.getByRole("heading", { name: "Make the first superuser" }).waitFor();
  assert.equal(new URL(tab.url()).hash, "", "the link's secret does not stay in the address");
  await tab.getByLabel("Name").fill("ada");
  await tab.getByLabel("Password", { exact: true }).fill("short");
  await tab.getByLabel("Password once more").fill("other");
  await button(tab, "Create the account").click();
  await tab.getByText("Use at least 8 characters.").waitFor();
  await tab.getByText("The two passwords are not the same.").waitFor();
  for (const label of ["Password", "Password once more"]) await tab.getByLabel(label, { exact: true }).fill(PASSWORDS.ada);
  await button(tab, "Create the account").click();
  await tab.getByRole("navigation").waitFor();
  assert.equal((await world.call("GET", "api/v1/session")).json().role, "superuser");
  const again = await open(link);
  await again.getByLabel("Name").fill("eve");
  for (const label of ["Password", "Password once more"]) await again.getByLabel(label, { exact: true }).fill(PASSWORDS.ada);
  await button(again, "Create the account").click();
  await again.getByText("This link was used already").waitFor();
  await button(again, "To the sign-in").click();
  await again.getByRole("heading", { name: "Sign in" }).waitFor();
  isCalm(tab, again);
});

test("a wrong password is said, and what was typed as the name stays", options, async () => {
  world = await World.start(lab, ["ada"]);
  const tab = await open();
  await tab.getByLabel("Name").fill("ada");
  await tab.getByLabel("Password").fill("not this one");
  await button(tab, "Sign in").click();
  await tab.getByText("The name or the password is wrong.").waitFor();
  assert.equal(await tab.getByLabel("Name").inputValue(), "ada");
  isCalm(tab);
});

test("asks superusers by itself while undecided, not viewers, and not again after 'decide later' until the next sign-in", options, async () => {
  world = await World.start(lab, ["ada", "vic"]);
  const tab = await visit("ada");
  await dialog(tab).waitFor();
  await later(tab);
  await tab.reload();
  await tab.getByRole("heading", { name: "Telemetry not decided" }).waitFor();
  await tab.waitForTimeout(700);
  assert.equal(await dialog(tab).count(), 0);
  await button(tab, "Sign out").click();
  await signIn(tab, "ada");
  await dialog(tab).waitFor();
  const viewer = await visit("vic");
  await viewer.getByRole("heading", { name: "Telemetry not decided" }).waitFor();
  await viewer.waitForTimeout(700);
  assert.equal(await dialog(viewer).count(), 0);
  assert.equal(await button(viewer, "Look and decide").count(), 0);
  isCalm(tab, viewer);
});

test("agreeing is possible only after looking: to the end, as a file, or by saying so", options, async () => {
  world = await World.start(lab, ["ada"]);
  const tab = await visit("ada");
  await identical(tab);
  const grant = button(dialog(tab), "Agree and send");
  assert.equal(await grant.getAttribute("aria-disabled"), "true");
  await grant.click({ force: true });
  assert.equal(await consent(), null);
  await tab.locator("candor-consent [role=treegrid]").focus();
  await tab.keyboard.press("Control+End");
  await tab.keyboard.press("End");
  await tab.getByText("You have scrolled to the end of the report.").waitFor();
  assert.equal(await grant.getAttribute("aria-disabled"), "false");
  isCalm(tab);
});

test("what is left out can be taken back, and the preview follows", options, async () => {
  world = await World.start(lab, ["ada"]);
  const tab = await visit("ada");
  await identical(tab);
  const preview = new Preview(tab, tab.locator("candor-consent candor-report-preview"));
  const holdsCounts = async () => (await preview.bytes()).includes("component-count");
  assert.ok(await holdsCounts());
  await tab.locator("candor-withholding summary").first().click();
  await tab.getByLabel("everything").first().uncheck();
  await tab.getByText("0 of 2 are sent").waitFor();
  await until("the preview to follow", async () => !(await holdsCounts()));
  await button(tab, "Undo the last change").click();
  await tab.getByText("2 of 2 are sent").waitFor();
  await until("the preview to follow", holdsCounts);
  isCalm(tab);
});

test("what was left out so far outlives an ended session", options, async () => {
  world = await World.start(lab, ["ada"]);
  const tab = await visit("ada");
  await identical(tab);
  await tab.locator("candor-withholding summary").first().click();
  await tab.getByLabel("everything").first().uncheck();
  await tab.getByText("0 of 2 are sent").waitFor();
  const old = PASSWORDS.ada;
  try {
    PASSWORDS.ada = "another one, and longer still";
    await world.call("PUT", "api/v1/password", { as: "ada", password: old, body: { old, new: PASSWORDS.ada } });
    await tab.getByRole("heading", { name: "Sign in" }).waitFor();
    await signIn(tab, "ada");
    await dialog(tab).waitFor();
    await tab.getByText("0 of 2 are sent").waitFor();
    await agree(tab);
    await tab.getByText("You agreed.").waitFor();
    assert.equal((await consent()).withheld.length, 2);
    isCalm(tab);
  } finally {
    PASSWORDS.ada = old;
  }
});

test("a no is final until somebody reopens it", options, async () => {
  world = await World.start(lab, ["ada", "grace"]);
  await decideAs("grace", { verdict: "denied" });
  const tab = await visit("ada");
  await tab.getByRole("heading", { name: "Telemetry denied" }).waitFor();
  await tab.waitForTimeout(700);
  assert.equal(await dialog(tab).count(), 0);
  await button(tab, "Reopen the decision").click();
  await agree(tab);
  await tab.getByText("You agreed.").waitFor();
  assert.equal((await consent()).verdict, "granted");
  isCalm(tab);
});

test("new fields are shown in words, and the old consent can go on without them", options, async () => {
  world = await World.start(lab, ["ada"]);
  const tab = await visit("ada");
  await agree(tab);
  await button(dialog(tab), "Close").click();
  await world.grow();
  await tab.reload();
  await dialog(tab).waitFor();
  await tab.getByRole("heading", { name: "The report has grown" }).waitFor();
  await tab.getByRole("heading", { name: /1 new item/ }).waitFor();
  await tab.locator("candor-new-fields").getByText("Why:").waitFor();
  await button(dialog(tab), "Agree without the new").click();
  await tab.getByText("You agreed.").waitFor();
  const record = await consent();
  assert.equal(record.verdict, "granted");
  assert.equal(record.withheld.length, 1);
  isCalm(tab);
});

test("the page of telemetry shows every component by its cluster, and hides its hint until that is undone", options, async () => {
  world = await World.start(lab, ["ada", "vic"]);
  const tab = await visit("vic");
  await tab.getByRole("heading", { name: "Management components" }).waitFor();
  const identity = tab.getByRole("article", { name: "Identity" });
  await identity.getByRole("meter", { name: "Memory" }).waitFor();
  await button(tab, "Hide this hint").click();
  await tab.reload();
  await tab.getByRole("heading", { name: "Management components" }).waitFor();
  assert.equal(await tab.getByText("High-level metrics").count(), 0);
  await tab.evaluate(() => localStorage.removeItem("candor-hint-hidden"));
  await tab.reload();
  await button(tab, "Hide this hint").click();
  await button(tab, "Undo").click();
  await tab.getByText("High-level metrics").waitFor();
  isCalm(tab);
});

test("draws the chosen metrics, says them in words, and remembers the choice", options, async () => {
  world = await World.start(lab, ["ada", "vic"]);
  const tab = await visit("vic");
  const tile = tab.getByRole("article", { name: "Identity" });
  await tile.getByText("Charts").click();
  await tile.getByRole("img", { name: /^Memory: \d/ }).waitFor();
  await tile.locator("canvas").first().waitFor();
  await tile.locator("summary", { hasText: "Metrics to draw" }).click();
  await tile.getByRole("checkbox", { name: "Memory" }).uncheck();
  await tab.reload();
  await tile.getByText("Charts").click();
  await tile.locator("summary", { hasText: "Metrics to draw" }).click();
  assert.equal(await tile.getByRole("checkbox", { name: "Memory" }).isChecked(), false);
  isCalm(tab);
});

test("the history shows each report with its bytes, and withdraws only after asking", options, async () => {
  world = await World.start(lab, ["ada"]);
  const tab = await visit("ada");
  await agree(tab);
  await button(dialog(tab), "Close").click();
  await tab.getByRole("link", { name: "History" }).click();
  const row = tab.locator("candor-report-row").first();
  await row.locator("summary").click();
  await row.getByText("Agreed by ada").waitFor();
  await button(row, "Show its bytes").click();
  await row.locator("candor-report-preview [role=row]").first().waitFor();
  await button(row, "Withdraw").click();
  await button(row, "Keep it").click();
  assert.equal((await world.call("GET", "api/v1/reports")).json().reports[0].fate, "sealed");
  await button(row, "Withdraw").click();
  await button(row, "Withdraw it").click();
  await row.getByText("Withdrawn").first().waitFor();
  assert.equal((await world.call("GET", "api/v1/reports")).json().reports[0].fate, "withdrawn");
  isCalm(tab);
});

test("verifies the chain of the journal, and names the first entry that was changed", options, async () => {
  world = await World.start(lab, ["ada", "grace"]);
  await decideAs("ada", { verdict: "denied" });
  await decideAs("grace", { verdict: "granted", withheld: [], unseen: true });
  const tab = await visit("ada", "#history");
  await button(tab, "Verify the chain").click();
  await tab.getByText("The chain is whole:").waitFor();
  await tab.route("**/api/v1/history", async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({ response: answer, body: text.replace('"who": "ada"', '"who": "eve"') });
  });
  await button(tab, "Verify the chain").click();
  await tab.getByText("The chain breaks at entry 2:").waitFor();
  isCalm(tab);
});

test("every setting says where it comes from", options, async () => {
  world = await World.start(lab, ["ada", "vic"]);
  const tab = await visit("vic", "#settings");
  const row = tab.getByRole("row", { name: /Mode mode/ });
  await row.getByText(/, line \d+; changed there/).waitFor();
  await tab.getByRole("row", { name: /Retries of a request/ }).getByText("default").waitFor();
  assert.equal(await tab.getByRole("switch").count(), 0, "viewers change nothing");
  isCalm(tab);
});

test("the switch in the settings stops the sending after asking", options, async () => {
  world = await World.start(lab, ["ada"]);
  const tab = await visit("ada");
  await agree(tab);
  await button(dialog(tab), "Close").click();
  await tab.getByRole("link", { name: "Settings" }).click();
  await tab.getByRole("switch", { name: "Telemetry is sent", checked: true }).click();
  await button(tab, "Stop sending").click();
  await tab.getByText("You said no.").waitFor();
  assert.equal((await consent()).verdict, "denied");
  isCalm(tab);
});

test("superusers add and remove accounts, and never the last superuser", options, async () => {
  world = await World.start(lab, ["ada"]);
  const tab = await visit("ada", "#account");
  await later(tab);
  const form = tab.locator("candor-account form").last();
  await form.getByLabel("Name").fill("vic");
  await form.getByLabel("Password").fill(PASSWORDS.vic);
  await button(form, "Add").click();
  await tab.getByText("The account vic is added.").waitFor();
  await form.getByLabel("Name").fill("vic");
  await form.getByLabel("Password").fill(PASSWORDS.vic);
  await button(form, "Add").click();
  await tab.getByText("There is an account of this name.").waitFor();
  const viewer = await visit("vic", "#account");
  assert.equal(await viewer.getByRole("heading", { name: "Accounts" }).count(), 0);
  await button(tab, "Remove vic").click();
  await button(tab, "Remove vic").click();
  await tab.getByText("The account vic is removed.").waitFor();
  await viewer.getByRole("heading", { name: "Sign in" }).waitFor();
  await button(tab, "Remove ada").click();
  await button(tab, "Remove ada").click();
  await tab.getByRole("alert").filter({ hasText: /last/ }).waitFor();
  await tab.getByRole("heading", { name: "Audit" }).waitFor();
  isCalm(tab, viewer);
});
