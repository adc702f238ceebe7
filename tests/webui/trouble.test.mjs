// What goes wrong between look and decision: others decide, roles and field sets change, sessions
// end, servers vanish. The page says so in words, and no decision is lost or made twice.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { root, skipNative as skip } from "./browser.mjs";
import { catalogues, grow } from "./draw.mjs";
import { until } from "./lab.mjs";
import { browser, lab } from "./stage.mjs";
import { PASSWORD, Visitor } from "./visitor.mjs";

const options = { skip, timeout: 150_000 };
// Loaded into the server, it puts its wall clock off.
const CLOCK = join(root, "build/native/tests/faults/libshifted_clock.so");
const FACTS = { values: { product: { name: "Camunda BPM Runtime", version: "7.21.0", edition: "community", internals: { database: { vendor: "h2", version: "2.1" } } } } };

let receiver;
let open = [];
let made;
before(async () => {
  if (skip) return;
  receiver = await lab.startReceiver();
});
afterEach(async () => {
  await Promise.all(open.map((visitor) => visitor.leave()));
  open = [];
  await made?.stop();
  made = undefined;
});

let numbers = 0;

/** A new installation of the engine's kind, and ada, its first superuser, before the open dialog. */
async function begin({ configuration = {}, ...more } = {}) {
  made = lab.installation(`trouble-${++numbers}`, {
    configuration: { mode: "online", catalogue: "engine", endpoint: receiver.endpoint, ...configuration }, facts: FACTS, ...more,
  });
  await made.start();
  const visitor = await enter(await made.setupLink());
  await visitor.setUp();
  await visitor.dialog.waitFor();
  await visitor.preview.compared();
  return visitor;
}

async function enter(address, contextOptions) {
  const visitor = await Visitor.visit(browser, address, contextOptions);
  open.push(visitor);
  return visitor;
}

async function addUser(name, role) {
  const added = await made.user(["add", name, "--role", role], PASSWORD);
  assert.equal(added.status, 0, added.errors);
}

/** ada, and another superuser beside her with the dialog open, too. */
async function beginWithTwo() {
  const ada = await begin();
  await addUser("bob", "superuser");
  const bob = await enter(made.address);
  await bob.signIn("bob");
  await bob.dialog.waitFor();
  await bob.preview.compared();
  return [ada, bob];
}

const dialogText = (visitor) => visitor.text("candor-consent dialog");
const says = (visitor, words) => visitor.reads("candor-consent dialog", words, 45_000);

test("of two administrators who decide at once one is first, and the other is told and keeps the choice", options, async () => {
  const [ada, bob] = await beginWithTwo();
  const choices = new Map([[ada, ["/product/internals/database/vendor"]], [bob, ["/product/internals/database/version"]]]);
  for (const [visitor, ids] of choices) {
    await visitor.withhold(ids);
    await visitor.settled();
    await visitor.sayLooked();
  }
  await ada.dialog.locator("#grant[aria-disabled=false]").waitFor();
  await bob.dialog.locator("#grant[aria-disabled=false]").waitFor();
  await Promise.all([ada.agree(), bob.agree()]);
  const outcome = (visitor) => until("an outcome", async () => {
    const text = await dialogText(visitor);
    return /You agreed\./.test(text) ? "first" : /Somebody decided before you/.test(text) && "second";
  });
  const outcomes = await Promise.all([outcome(ada), outcome(bob)]);
  assert.deepEqual([...outcomes].sort(), ["first", "second"]);
  const [winner, loser] = outcomes[0] === "first" ? ["ada", bob] : ["bob", ada];
  assert.match(await dialogText(loser), new RegExp(`Somebody decided before you: .*${winner}`));
  assert.deepEqual(await loser.chosen(), choices.get(loser));
  // The button that had the focus is gone; it goes on at the title.
  await loser.tab.locator("candor-consent #title:focus").waitFor();
  // And decides all the same.
  await loser.settled();
  await loser.sayLooked();
  await loser.agree();
  await loser.done();
  const { who, withheld } = (await loser.api("consent")).json.consent;
  assert.deepEqual({ who, withheld }, { who: winner === "ada" ? "bob" : "ada", withheld: choices.get(loser) });
});

test("a role that was taken away between look and click is told, and nothing is decided", options, async () => {
  const [ada, bob] = await beginWithTwo();
  await bob.withhold(["/product/internals/database/vendor"]);
  await bob.settled();
  await bob.sayLooked();
  await bob.dialog.locator("#grant[aria-disabled=false]").waitFor();
  const removed = await made.user(["remove", "bob"]);
  assert.equal(removed.status, 0, removed.errors);
  await addUser("bob", "viewer");
  await bob.agree().catch(() => {});
  await bob.tab.locator("candor-sign-in form").waitFor();
  await bob.reads("candor-sign-in", /session was ended|session has ended/);
  assert.equal(await bob.tab.locator("candor-consent #again:visible").count(), 0, "nobody is offered it before they signed in");
  await bob.signIn("bob");
  await bob.tab.locator("nav").waitFor();
  await bob.reads("candor-consent", /You decided|You agreed to send/);
  await bob.deliverAgain();
  await bob.reads("candor-consent", /You are no longer a superuser, so this decision cannot be delivered/);
  assert.equal((await ada.api("consent")).json.consent, null);
  await bob.reads("candor-consent", /leaving out 1 item.* \/product\/internals\/database\/vendor/);
  // Given back, it is delivered; the look was the ended session's.
  assert.equal((await made.user(["role", "bob", "superuser"])).status, 0);
  await bob.deliverAgain();
  await bob.tab.locator("candor-sign-in form").waitFor();
  await bob.signIn("bob");
  await bob.deliverAgain();
  await says(bob, /look at it once more/);
  await bob.settled();
  await bob.sayLooked();
  await bob.agree();
  await bob.done();
  const { who, withheld } = (await ada.api("consent")).json.consent;
  assert.deepEqual({ who, withheld }, { who: "bob", withheld: ["/product/internals/database/vendor"] });
});

test("a group that the proxy no longer names between look and click is told, and the choice is kept", options, async () => {
  const proxied = (...groups) => ({ "X-Forwarded-User": "pat", "X-Forwarded-Groups": groups.join(",") });
  made = lab.installation(`trouble-${++numbers}`, {
    configuration: { mode: "online", catalogue: "engine", endpoint: receiver.endpoint }, facts: FACTS,
    words: ["--admin-proxy", "127.0.0.1"],
  });
  await made.start();
  const pat = await enter(made.address, { extraHTTPHeaders: proxied("camunda-admin", "staff") });
  await pat.dialog.waitFor();
  await pat.withhold(["/product/internals/database/vendor"]);
  await pat.settled();
  await pat.sayLooked();
  await pat.tab.context().setExtraHTTPHeaders(proxied("staff"));
  await pat.agree();
  await pat.reads("candor-consent", /You are no longer a superuser, so this decision cannot be delivered/);
  await pat.reads("candor-consent", /leaving out 1 item.* \/product\/internals\/database\/vendor/);
  assert.equal((await pat.api("consent")).json.consent, null);
  await pat.tab.context().setExtraHTTPHeaders(proxied("camunda-admin"));
  await pat.deliverAgain();
  await pat.done();
  assert.deepEqual((await pat.api("consent")).json.consent.withheld, ["/product/internals/database/vendor"]);
});

test("signing in once more in another tab costs no decision", options, async () => {
  const ada = await begin();
  await ada.sayLooked();
  await ada.dialog.locator("#grant[aria-disabled=false]").waitFor();
  const again = await ada.tab.evaluate(async (password) => {
    const base = new URL("api/v1/", document.baseURI);
    const response = await fetch(new URL("session", base), {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: "ada", password }),
    });
    return response.status;
  }, PASSWORD);
  assert.equal(again, 200);
  await ada.agree();
  await until("an outcome", async () => /You agreed\.|look at it once more/.test(await dialogText(ada)));
  assert.doesNotMatch(await dialogText(ada), /no longer a superuser|X-Candor-Token/);
});

test("consent for a field set that changed meanwhile is refused, with what changed", options, async () => {
  const catalogue = lab.write("growing.json", catalogues.engine);
  const ada = await begin({ catalogue });
  await ada.withhold(["/product/internals/database/vendor"]);
  await ada.preview.compared();
  await ada.sayLooked();
  await ada.dialog.locator("#grant[aria-disabled=false]").waitFor();
  const grown = grow(catalogues.engine, 1);
  lab.write("growing.json", { ...grown, fields: grown.fields.filter(({ pointer }) => pointer !== "/product/internals/jdk/vendor") });
  made.program.signal("SIGHUP");
  await made.program.says(/CANDOR-028/);
  await ada.agree();
  await says(ada, /What a report may contain has changed since you looked: 2 new, 1 gone/);
  await ada.reads("candor-new-fields", /Grown 1 \/product\/internals\/grown1a .*Why: .* Grown 1 \/product\/internals\/grown1b/);
  await ada.reads("candor-new-fields", /1 item can no longer be sent: \/product\/internals\/jdk\/vendor/);
  assert.deepEqual(await ada.chosen(), ["/product/internals/database/vendor"], "the choice is kept");
  assert.equal((await ada.api("consent")).json.consent, null, "nothing was decided");
  await ada.preview.compared();
  await ada.sayLooked();
  await ada.agree();
  await ada.done();
  assert.deepEqual((await ada.api("consent")).json.consent.withheld, ["/product/internals/database/vendor"]);
});

test("consent is refused when the configuration withholds something since the look", options, async () => {
  const ada = await begin();
  await ada.sayLooked();
  await ada.dialog.locator("#grant[aria-disabled=false]").waitFor();
  const before = (await ada.preview.compared()).digest;
  made.configure({ mode: "online", catalogue: "engine", endpoint: receiver.endpoint, withhold: ["/product/internals/database/version"] });
  await made.program.says(/CANDOR-028/);
  await ada.agree();
  await says(ada, /changed since you looked|no longer the one that would be sent/);
  assert.equal((await ada.api("consent")).json.consent, null);
  const { digest } = await ada.preview.compared(before);
  await ada.sayLooked();
  await ada.agree();
  await ada.done();
  const sealed = (await ada.api("reports?limit=1")).json.reports[0];
  assert.equal(sealed.digest, digest);
  assert.ok(!(await ada.api(`reports/${sealed.id}/bytes`)).bytes.includes('"version": "2.1"'));
});

test("a mode that was switched off meanwhile is told, and nothing is decided", options, async () => {
  const ada = await begin();
  await ada.sayLooked();
  await ada.dialog.locator("#grant[aria-disabled=false]").waitFor();
  made.configure({ mode: "disabled", catalogue: "engine", endpoint: receiver.endpoint });
  await made.program.says(/CANDOR-028/);
  await ada.agree().catch(() => {});
  await ada.reads("candor-consent", /does not allow it now|switches telemetry off/);
  assert.equal((await ada.api("consent")).json.consent, null);
});

test("a decision survives a session that was ended, and is delivered after the next sign-in", options, async () => {
  const ada = await begin();
  await addUser("bob", "superuser");
  await ada.withhold(["/product/internals/database/vendor"]);
  await ada.sayLooked();
  await ada.dialog.locator("#grant[aria-disabled=false]").waitFor();
  await ada.tab.context().clearCookies();
  await ada.agree();
  await ada.tab.locator("candor-sign-in form").waitFor();
  await ada.reads("candor-sign-in", /A decision you made has not arrived/);
  await ada.tab.reload();
  await ada.reads("candor-sign-in", /A decision you made has not arrived/);
  await ada.signIn();
  await ada.reads("candor-consent", /Your decision has not arrived/);
  await ada.deliverAgain();
  await until("an outcome", async () => /You agreed\.|look at it once more/.test(await ada.text("candor-consent")));
  if (/look at it once more/.test(await ada.text("candor-consent"))) {
    await ada.preview.compared();
    await ada.sayLooked();
    await ada.agree();
    await ada.done();
  }
  const { json } = await ada.api("consent");
  assert.deepEqual(json.consent.withheld, ["/product/internals/database/vendor"]);
});

test("a session that was idle too long is said to have ended, and the choice is still there", { ...options, skip: skip || (!existsSync(CLOCK) && "needs build/native") }, async () => {
  const shift = lab.write("shift", "0");
  const ada = await begin({ environment: { LD_PRELOAD: CLOCK, SHIFTED_CLOCK: shift } });
  await ada.withhold(["/product/internals/database/vendor"]);
  await ada.settled();
  await ada.sayLooked();
  await ada.dialog.locator("#grant[aria-disabled=false]").waitFor();
  lab.write("shift", String(31 * 60_000));
  await ada.agree();
  await ada.reads("candor-sign-in", /Your session has ended/);
  await ada.reads("candor-sign-in", /A decision you made has not arrived/);
  await ada.signIn();
  await ada.reads("candor-consent", /You agreed to send, leaving out 1 item/);
  assert.equal(await ada.decisions(), 0);
});

test("another user who signs in is not given the decision of the one before", options, async () => {
  const ada = await begin();
  await addUser("bob", "superuser");
  await ada.sayLooked();
  await ada.dialog.locator("#grant[aria-disabled=false]").waitFor();
  await ada.tab.context().clearCookies();
  await ada.agree();
  await ada.tab.locator("candor-sign-in form").waitFor();
  await ada.signIn("bob");
  await ada.dialog.waitFor();
  assert.doesNotMatch(await ada.text("candor-consent"), /has not arrived/);
  assert.equal((await ada.api("consent")).json.consent, null);
});

test("a server that was killed is said to be gone, and the decision arrives once it is back", options, async () => {
  const ada = await begin();
  await ada.withhold(["/product/internals/database/vendor"]);
  await ada.preview.compared();
  await ada.sayLooked();
  await ada.dialog.locator("#grant[aria-disabled=false]").waitFor();
  await made.kill();
  await ada.agree();
  await says(ada, /Your decision has not arrived/);
  await says(ada, /The server does not answer/);
  assert.match(await dialogText(ada), /leaving out 1 item/);
  await made.start();
  await ada.deliverAgain();
  await until("an outcome", async () => /You agreed\.|look at it once more|Sign in/.test(await ada.text()));
  if (/look at it once more/.test(await ada.text("candor-consent"))) {
    // What was shown was in the memory of the server that is gone.
    assert.deepEqual(await ada.chosen(), ["/product/internals/database/vendor"]);
    await ada.preview.compared();
    await ada.sayLooked();
    await ada.agree();
    await ada.done();
  }
  const { json } = await ada.api("consent");
  assert.equal(json.consent.verdict, "granted");
  assert.deepEqual(json.consent.withheld, ["/product/internals/database/vendor"]);
  assert.equal(await ada.decisions(), 1, "it was decided once");
});

test("a no whose answer got lost is not asked for again", options, async () => {
  const ada = await begin();
  // The server has it; the page hears nothing.
  await ada.tab.route("**/api/v1/consent", async (route) => {
    if (route.request().method() !== "PUT") return route.continue();
    await route.fetch();
    await route.abort("connectionreset");
  }, { times: 1 });
  await ada.deny();
  await says(ada, /Your decision has not arrived/);
  await ada.tab.unroute("**/api/v1/consent");
  await ada.deliverAgain();
  await says(ada, /You said no/);
  assert.equal(await ada.decisions(), 1, "it was decided once");
});

test("a server that takes long is said to, and the decision arrives", options, async () => {
  const ada = await begin();
  await ada.sayLooked();
  await ada.dialog.locator("#grant[aria-disabled=false]").waitFor();
  made.pause();
  await ada.agree();
  await says(ada, /being delivered/);
  await ada.reads("candor-connection", /takes long/);
  made.resume();
  await ada.done();
  assert.equal(await ada.decisions(), 1, "it was decided once");
});

test("a server that answers nothing at all is said to be gone, and the decision is not made twice", options, async () => {
  const ada = await begin();
  made.pause();
  await ada.deny();
  await says(ada, /Your decision has not arrived/);
  await ada.reads("candor-app", /The server does not answer/);
  made.resume();
  await pause(500);
  await ada.deliverAgain();
  await says(ada, /You said no/);
  assert.equal(await ada.decisions(), 1, "it was decided once");
});

test("a restarting server is waited for: the page goes on by itself", options, async () => {
  const ada = await begin();
  await ada.dialog.locator("#later").click();
  await made.stop();
  await ada.reads("candor-connection", /The server does not answer/);
  assert.match(await ada.text("candor-connection"), /Next attempt/);
  await made.start();
  await ada.reads("candor-connection", /The server answers again/, 60_000);
  await ada.openPage("history");
  await ada.reads("candor-history", /No report was ever sealed/);
});

for (const [what, damage] of [
  ["one changed byte", (bytes) => (bytes[Math.floor(bytes.length / 2)] ^= 1, bytes)],
  ["half of its bytes", (bytes) => bytes.subarray(0, bytes.length / 2)],
  ["another module's bytes", () => Buffer.from("0061736d01000000", "hex")],
]) {
  test(`a page whose core has ${what} refuses, and says so`, options, async () => {
    made = lab.installation(`trouble-${++numbers}`, {
      configuration: { mode: "online", catalogue: "engine", endpoint: receiver.endpoint }, facts: FACTS,
    });
    await made.start();
    const ada = await enter("about:blank");
    let swapped = 0;
    await ada.tab.route("**/candor-core-*.wasm", async (route) => {
      const answer = await route.fetch();
      swapped++;
      await route.fulfill({ response: answer, body: damage(Buffer.from(await answer.body())) });
    });
    await ada.tab.goto(await made.setupLink());
    await ada.setUp();
    await ada.dialog.waitFor();
    await says(ada, /core .*(cannot be used|refused|not .*use)/i);
    assert.ok(swapped > 0);
    assert.equal(await ada.dialog.locator("#grant").getAttribute("aria-disabled"), "true");
    await ada.sayLooked();
    assert.equal(await ada.dialog.locator("#grant").getAttribute("aria-disabled"), "true", "nobody agrees to what the page cannot build");
    // A no needs no core.
    await ada.deny();
    await ada.done();
    assert.equal((await ada.api("consent")).json.consent.verdict, "denied");
  });
}

test("a core that builds other bytes than the server has is found out, with the place", options, async () => {
  const ada = await begin();
  await ada.tab.route("**/api/v1/preview", async (route) => {
    const answer = await route.fetch();
    const text = (await answer.body()).toString();
    // The catalogue's example comes first.
    const at = text.lastIndexOf('"h2"');
    await route.fulfill({ response: answer, body: `${text.slice(0, at)}"h3"${text.slice(at + 4)}` });
  });
  await ada.dialog.locator("#later").click();
  const preview = await ada.openReport();
  const { notice } = await preview.compared();
  assert.match(notice, /^Different/);
  await until("the place", async () => /field \/product\/internals\/database\/vendor/.test((await preview.compared()).notice));
});

test("a bundle that is cut off on its way is answered in words, and cannot be agreed to", options, async () => {
  const ada = await begin();
  await ada.tab.route("**/api/v1/preview", async (route) => {
    const answer = await route.fetch();
    const bytes = await answer.body();
    await route.fulfill({ response: answer, body: bytes.subarray(0, bytes.length / 2) });
  });
  await ada.withhold(["/product/internals/database/vendor"]);
  await says(ada, /cannot be agreed to. The server answers 200 with something other than this page understands/);
  await ada.sayLooked();
  assert.equal(await ada.dialog.locator("#grant").getAttribute("aria-disabled"), "true");
  await ada.tab.unroute("**/api/v1/preview");
  await ada.withhold(["/product/internals/database/version"]);
  await ada.settled();
  await ada.agree();
  await ada.done();
  assert.deepEqual((await ada.api("consent")).json.consent.withheld, ["/product/internals/database/vendor", "/product/internals/database/version"]);
});

test("a catalogue from the future, from a newer server than the page, is answered in words and cannot be agreed to", options, async () => {
  const ada = await begin();
  await ada.tab.route("**/api/v1/preview", async (route) => {
    const answer = await route.fetch();
    const text = (await answer.body()).toString();
    assert.ok(text.includes('"catalogue": 1,'));
    await route.fulfill({ response: answer, body: text.replace('"catalogue": 1,', '"catalogue": 2,') });
  });
  await ada.withhold(["/product/internals/database/vendor"]);
  await says(ada, /1 problem stands in the way of a report\. .*\/catalogue\/catalogue must be an integer from 1 to 1/);
  await ada.sayLooked();
  assert.equal(await ada.dialog.locator("#grant").getAttribute("aria-disabled"), "true");
  assert.deepEqual(await ada.chosen(), ["/product/internals/database/vendor"]);
});

test("a catalogue from the future is refused by the server, which goes on with the one before", options, async () => {
  const ada = await begin({ catalogue: lab.write("future.json", catalogues.engine) });
  lab.write("future.json", { ...catalogues.engine, catalogue: 2 });
  made.program.signal("SIGHUP");
  await made.program.says(/CANDOR-029.*\/catalogue/);
  const { digest } = await ada.preview.compared();
  await ada.sayLooked();
  await ada.agree();
  await ada.done();
  assert.equal((await ada.api("reports?limit=1")).json.reports[0].digest, digest);
});

test("64 MiB of anything as a body is refused in words, and the server goes on", options, async () => {
  const ada = await begin();
  const answer = await ada.tab.evaluate(async () => {
    const base = new URL("api/v1/", document.baseURI);
    const { csrf } = await (await fetch(new URL("session", base))).json();
    try {
      const response = await fetch(new URL("preview", base), {
        method: "POST", headers: { "X-Candor-Token": csrf, "Content-Type": "application/json" },
        body: new Uint8Array(64 * 2 ** 20).fill(32),
      });
      return { status: response.status, type: response.headers.get("Content-Type"), text: await response.text() };
    } catch (error) {
      return { status: 0, text: String(error) };
    }
  });
  assert.equal(answer.status, 413, JSON.stringify(answer));
  assert.match(answer.type, /^application\/problem\+json/);
  assert.match(JSON.parse(answer.text).detail, /\d/);
  await ada.deny();
  await ada.done();
});
