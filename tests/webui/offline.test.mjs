// The stand-alone page, opened from file:// as a security officer would: the same bytes as the native
// program, and words for whatever is wrong.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { launch, native, openTab, root, sha256, skip, skipNative } from "./browser.mjs";

const address = pathToFileURL(join(root, "webui/dist/candor-offline.html")).href;
const options = { skip, timeout: 300_000 };
let browser;
let folder;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "candor-offline-"));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const file = (name, bytes) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const golden = (name) => join(root, "tests/golden", name);
const open = (given) => openTab(browser, address, given);
const give = (tab, paths) => tab.setInputFiles("candor-offline #files", paths);
const digestOf = async (tab) => {
  await tab.waitForFunction(() => {
    const shown = document.querySelector("candor-offline").renderRoot.querySelector("candor-report-preview");
    return /^[0-9a-f]{64}$/.test(shown?.renderRoot.querySelector("#digest")?.textContent ?? "");
  });
  return tab.locator("candor-report-preview #digest").innerText();
};
/** What the page says is wrong. */
const complaint = async (tab) => {
  await tab.locator("candor-offline .notice.bad").first().waitFor();
  return tab.locator("candor-offline .notice.bad").first().innerText();
};
const config = (text = "{}") => file("configuration.json", text);
const facts = () => join(golden("engine-seed-004"), "facts.json");

/** The files of a golden case, its profile, and what else the native program gets. */
function caseOf(name) {
  const inputs = readdirSync(golden(name)).filter((entry) => /^(config|facts)\.json$|\.prom$/.test(entry));
  const path = join(golden(name), "options.json");
  const { profile = "", ...others } = existsSync(path) ? JSON.parse(readFileSync(path)) : {};
  return { files: inputs.map((entry) => join(golden(name), entry)), profile, others };
}

function nativeReport(files, profile) {
  const words = files.flatMap((path) => {
    const [, component] = /^scrape\.(.+)\.prom$/.exec(basename(path)) ?? [];
    if (component !== undefined) return ["--scrape", `${component}=${path}`];
    return [basename(path) === "facts.json" ? "--facts" : "--config", path];
  });
  const { status, stdout, stderr } = spawnSync(native, ["report", ...words, ...(profile === "" ? [] : ["--profile", profile])], { env: {} });
  assert.equal(status, 0, String(stderr));
  return stdout;
}

test("gives the bytes that the native program gives, for every golden case with a report", { ...options, skip: skipNative }, async () => {
  const cases = readdirSync(join(root, "tests/golden"))
    .filter((name) => existsSync(join(golden(name), "report.json")))
    .map((name) => ({ name, ...caseOf(name) }))
    .filter(({ others }) => Object.keys(others).length === 0);
  assert.ok(cases.length >= 12, `${cases.length} cases`);
  const tab = await open();
  for (const { name, files, profile } of cases) {
    await give(tab, files);
    if (profile !== "") await tab.fill("#profile", profile).then(() => tab.press("#profile", "Enter"));
    const expected = sha256(nativeReport(files, profile));
    await tab.waitForFunction((digest) => document.querySelector("candor-offline").renderRoot.querySelector("candor-report-preview")?.renderRoot.querySelector("#digest")?.textContent === digest, expected)
      .catch(async () => assert.equal(await digestOf(tab), expected, name));
    assert.deepEqual(tab.complaints, [], name);
    await tab.click("text=Start again");
  }
});

test("downloads those bytes, and takes the file back", options, async () => {
  const tab = await open();
  await give(tab, caseOf("engine-seed-004").files);
  await digestOf(tab);
  const [download] = await Promise.all([tab.waitForEvent("download"), tab.click("#download")]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  assert.deepEqual(readFileSync(path), readFileSync(join(golden("engine-seed-004"), "report.json")));
  await give(tab, path);
  await tab.locator("candor-verify .notice.good").waitFor();
  const edited = readFileSync(path);
  edited[200] ^= 1;
  writeFileSync(path, edited);
  await give(tab, path);
  await tab.locator("candor-verify .notice.bad", { hasText: "was changed" }).waitFor();
});

test("reads configurations in YAML, and ConfigMaps, as candor-core does", options, async () => {
  const plain = "# by hand\nmode: download\ninitializeTelemetry: true\n";
  const map = `apiVersion: v1\nkind: ConfigMap\ndata:\n  application.yaml: |\n${plain.replace(/^(?=.)/gm, "    ")}`;
  for (const [name, text] of [["application.yaml", plain], ["config-map.yml", map]]) {
    const yaml = file(name, text);
    const words = ["report", "--config", yaml, "--facts", facts()];
    const cli = spawnSync(process.execPath, [join(root, "wasm/package/bin/candor-core.mjs"), ...words], { env: {} });
    assert.equal(cli.status, 0, String(cli.stderr));
    const tab = await open();
    await give(tab, [yaml, facts()]);
    assert.equal(await digestOf(tab), sha256(cli.stdout));
    await give(tab, file("broken.yaml", "a: [1,\nb: 2\n"));
    await tab.locator("candor-problems li", { hasText: /broken\.yaml:\d+:\d+/ }).waitFor();
    await tab.context().close();
  }
});

test("names every problem with its place", options, async () => {
  const name = "engine-every-mistake-at-once";
  const tab = await open();
  await give(tab, caseOf(name).files);
  const { problems } = JSON.parse(readFileSync(join(golden(name), "problems.json")));
  await tab.locator("candor-problems li").first().waitFor();
  assert.equal(await tab.locator("candor-problems li").count(), problems.length);
  const said = await tab.locator("candor-problems ol").innerText();
  for (const { where } of problems) assert.ok(said.includes(where), where);
});

test("builds from a bundle, compares it with its digest, and finds a bundle that was edited", { ...options, skip: skipNative }, async () => {
  const bundle = bundleOf("engine-seed-004");
  const tab = await open();
  await give(tab, file("good-bundle.json", bundle.text));
  assert.equal(await digestOf(tab), bundle.digest);
  await tab.locator("candor-report-preview .notice.good", { hasText: "Identical" }).waitFor();
  await give(tab, []);
  await tab.click("text=Start again");
  await give(tab, file("bundle-edited.json", bundle.text.replace('"version": "7.14.0"', '"version": "7.14.1"')));
  await tab.locator("candor-report-preview .notice.bad", { hasText: "Different" }).waitFor();
});

test("answers a broken bundle and one from the future in words", { ...options, skip: skipNative }, async () => {
  const { text } = bundleOf("engine-seed-004");
  const variants = {
    "torn": text.slice(0, text.length / 2),
    "of-the-future": text.replace('"candorBundle": 1', '"candorBundle": 2'),
    "with-more": text.replace('"as":', '"unknownMember": 1, "as":'),
    "with-a-later-catalogue": text.replace('"catalogue": 1', '"catalogue": 2'),
    "with-a-stranger-catalogue": text.replace('"catalogue": 1', '"futureKey": true, "catalogue": 1'),
    "empty": '{"candorBundle": 1}',
  };
  for (const [name, variant] of Object.entries(variants)) {
    assert.notEqual(variant, text, name);
    const tab = await open();
    await give(tab, file(`bundle-${name}.json`, variant));
    await tab.locator("candor-problems li").first().waitFor();
    assert.deepEqual(tab.complaints, [], name);
    await tab.context().close();
  }
});

test("answers a catalogue from the future in words", options, async () => {
  const catalogue = readFileSync(join(root, "core/catalogues/engine.json"), "utf8");
  const variants = { later: catalogue.replace('"catalogue": 1', '"catalogue": 2'), stranger: catalogue.replace('"name":', '"futureKey": 1,\n  "name":') };
  for (const [name, variant] of Object.entries(variants)) {
    const tab = await open();
    await give(tab, [config(), facts(), file(`catalogue-${name}.json`, variant)]);
    const said = await complaint(tab).then(() => tab.locator("candor-problems ol").innerText());
    assert.match(said, name === "later" ? /\/catalogue/ : /futureKey/);
    await tab.context().close();
  }
});

test("answers 64 MiB of anything in words, as whatever it is given", options, async () => {
  const size = 64 * 2 ** 20;
  const kinds = { zeros: Buffer.alloc(size), opening: Buffer.alloc(size, "["), text: Buffer.alloc(size, "a") };
  for (const [kind, content] of Object.entries(kinds)) {
    for (const name of [`bundle-${kind}.json`, `facts-${kind}.json`, `${kind}.yaml`]) {
      const tab = await open();
      await give(tab, [...(name.startsWith("bundle") ? [] : name.endsWith("yaml") ? [facts()] : [config()]), file(name, content)]);
      await tab.locator("candor-problems li, .notice.bad").first().waitFor({ timeout: 60_000 });
      await tab.context().close();
    }
  }
  const tab = await open();
  await give(tab, file("facts-larger.json", Buffer.alloc(size + 1)));
  assert.match(await complaint(tab), /facts-larger\.json is larger than/);
});

test("compares with a digest that somebody gave", options, async () => {
  const tab = await open();
  await give(tab, caseOf("engine-seed-004").files);
  const digest = await digestOf(tab);
  await tab.fill("#expected", digest.toUpperCase());
  await tab.press("#expected", "Enter");
  await tab.locator(".notice.good", { hasText: "Identical" }).waitFor();
  await tab.fill("#expected", digest.replace(/^./, (digit) => (digit === "0" ? "1" : "0")));
  await tab.press("#expected", "Enter");
  await tab.locator(".notice.bad", { hasText: "Different" }).waitFor();
  await tab.fill("#expected", "abc");
  await tab.press("#expected", "Enter");
  await tab.locator("text=These are not 64 hexadecimal digits.").waitFor();
});

test("checks a history's chain, and knows its reports", { ...options, skip: skipNative }, async () => {
  const { history, bytes } = historyOf();
  const tab = await open();
  await give(tab, file("candor-history.json", history));
  await tab.locator("candor-verify .notice.good", { hasText: "whole history" }).waitFor();
  await give(tab, file(`candor-report-${sha256(bytes).slice(0, 16)}.json`, bytes));
  await tab.locator("candor-verify .notice.good", { hasText: "byte for byte, report" }).waitFor();
  const { entries } = JSON.parse(history);
  const spoiled = {
    "a word changed": history.replace('"who": "', '"who": "x'),
    "an entry taken out": JSON.stringify({ candorHistory: 1, entries: entries.filter((_, i) => i !== 1) }),
    "two entries swapped": JSON.stringify({ candorHistory: 1, entries: [entries[1], entries[0], ...entries.slice(2)] }),
  };
  for (const [name, text] of Object.entries(spoiled)) {
    assert.notEqual(text, history, name);
    await give(tab, file("candor-history.json", text));
    await tab.locator("candor-verify .notice.bad", { hasText: "was changed" }).waitFor();
  }
  await give(tab, file("candor-history.json", '{"candorHistory": 2}'));
  await tab.locator("candor-verify .notice.bad", { hasText: "no history that this page understands" }).waitFor();
});

test("checks the receipts of a history with the keys in it", options, async () => {
  const signer = generateKeyPairSync("ed25519");
  const good = receiptBy(signer);
  const verdict = async (tab, receipt, keys = [signer]) => {
    await give(tab, file("candor-history.json", historyWith(receipt, keys)));
    await tab.locator("candor-verify .notice", { hasText: "Receipt" }).waitFor();
    const words = await tab.locator("candor-verify .notice").innerText();
    await tab.evaluate(() => document.querySelector("candor-offline").renderRoot.querySelector("candor-verify")._result = undefined);
    return words.replace(/^.*Receipt: /s, "");
  };
  const tab = await open();
  assert.equal(await verdict(tab, good), "1 × checked.");
  assert.equal(await verdict(tab, "thank you"), "1 × not signed.");
  assert.equal(await verdict(tab, good, [generateKeyPairSync("ed25519")]), "1 × signed by an unknown key.");
  const { digest, key } = JSON.parse(good);
  const flipped = (at) => good.slice(0, at) + String.fromCharCode(good.charCodeAt(at) ^ 1) + good.slice(at + 1);
  for (const at of [good.indexOf(digest), good.indexOf("2026"), good.indexOf('"signature": "') + 20, good.lastIndexOf("=="), good.lastIndexOf("==") - 1]) {
    assert.equal(await verdict(tab, flipped(at)), "1 × wrong.", flipped(at));
  }
  assert.equal(await verdict(tab, flipped(good.indexOf(key))), "1 × signed by an unknown key.");
  const german = await open({ locale: "de-DE" });
  await give(german, file("candor-history.json", historyWith(good, [signer])));
  await german.locator("candor-verify .notice.good", { hasText: "Quittung: 1 × geprüft." }).waitFor();
});

test("says that a receipt is not checked where the browser has no Ed25519", options, async () => {
  const signer = generateKeyPairSync("ed25519");
  const tab = await open();
  await tab.evaluate(() => (SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException("", "NotSupportedError"))));
  await give(tab, file("candor-history.json", historyWith(receiptBy(signer), [signer])));
  await tab.locator("candor-verify .notice.warn", { hasText: "1 × not checked: this browser has no Ed25519 here." }).waitFor();
});

test("speaks German where the browser does, and changes languages at once", options, async () => {
  const tab = await open({ locale: "de-DE" });
  await tab.locator("h1", { hasText: "Candor, ohne Server" }).waitFor();
  await tab.selectOption("candor-preferences select >> nth=0", "en");
  await tab.locator("h1", { hasText: "Candor, without a server" }).waitFor();
});

test("connects to nothing, whatever a script in it tries", options, async () => {
  const tab = await open();
  const outcome = await tab.evaluate(() => fetch("http://127.0.0.1:1/").then(() => "went", (error) => error.name));
  assert.equal(outcome, "TypeError");
  assert.ok(tab.complaints.some((words) => words.includes("connect-src 'none'") || words.includes("Content Security Policy")));
});

function candor(words) {
  const { status, stdout, stderr } = spawnSync(native, words, { env: {} });
  assert.equal(status, 0, `${words.join(" ")}: ${stderr}`);
  return stdout;
}

const REPORT = "b".repeat(64);
const publicOf = ({ publicKey }) => publicKey.export({ format: "der", type: "spki" }).subarray(-32);

/** As core/receipt.h says, by other means than the page's. */
function receiptBy(signer, digest = REPORT) {
  const [time, key] = ["2026-11-18T11:06:40Z", sha256(publicOf(signer)).slice(0, 16)];
  const signature = sign(null, Buffer.from(`candor-receipt-1\n${digest}\n${time}\n${key}\n`), signer.privateKey).toString("base64");
  return JSON.stringify({ digest, time, key, signature }, null, 2);
}

/** The history of one report that was accepted with this receipt. */
function historyWith(receipt, keys) {
  let hash = "0".repeat(64);
  const bodies = {
    sealed: { report: "r", digest: REPORT },
    accepted: { report: "r", status: 202, receipt },
    keys: { from: "", keys: keys.map((key) => publicOf(key).toString("base64")) },
  };
  const entries = Object.entries(bodies).map(([kind, body], i) => {
    hash = sha256(`${hash}\n${i + 1}\n1\n${kind}\n${JSON.stringify(body, null, 2)}\n`);
    return { seq: i + 1, atMs: 1, kind, body, hash };
  });
  return JSON.stringify({ candorHistory: 1, entries }, null, 2);
}

/** A reporter's state of its own, and the words that name it. */
function stateOf(name) {
  const state = mkdtempSync(join(folder, "state-"));
  const path = join(state, "config.json");
  writeFileSync(path, '{"mode": "online", "telemetryEndpoint": "http://127.0.0.1:9/"}');
  return { state, where: ["--config", path, "--state-folder", join(state, "s")], given: ["--facts", join(golden(name), "facts.json")] };
}

/** A bundle as `candor preview --bundle` writes it, and the digest of the report it is of. */
function bundleOf(name) {
  const { state, where, given } = stateOf(name);
  const bundle = join(state, "bundle.json");
  const report = candor(["preview", ...where, ...given, "--bundle", bundle]);
  return { text: readFileSync(bundle, "utf8"), digest: sha256(report) };
}

/** The history of a yes to a report, and that report. */
function historyOf() {
  const { state, where, given } = stateOf("engine-seed-004");
  const report = join(state, "report.json");
  candor(["preview", ...where, ...given, "-o", report]);
  candor(["consent", "grant", ...where, ...given, "--as", "ada", "--report", report]);
  return { history: String(candor(["history", "export", ...where])), bytes: readFileSync(report) };
}
