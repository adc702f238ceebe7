// Pictures of the page's main states for README.md, in both themes, from a real server with components
// that say the same in every run, and a page that shows them all. Needs the page, the native program
// with it, its test receiver, and pngquant.
// Usage: node webui/scripts/screenshots.mjs [FOLDER], default webui/docs
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { launch, root } from "../../tests/webui/browser.mjs";
import { Lab } from "../../tests/webui/lab.mjs";
import { walk } from "../../tests/webui/walk.mjs";
import { walkCollector } from "../../tests/webui/walk-collector.mjs";
import { walkOffline } from "../../tests/webui/walk-offline.mjs";

const folder = resolve(process.argv[2] ?? join(root, "webui/docs"));
const SIZE = { width: 1280, height: 800 };
const THEMES = ["light", "dark"];
// A chart says more when there is something to draw; a value is kept every minute.
const CHART_MS = 250_000;

/** States of the walks, in the order in which they are shown; with "-de" in German, which has the longer words. */
const STATES = {
  "setup": "The one-time link makes the first superuser.",
  "setup-refused": "A link that was used, or never was one.",
  "consent": "The dialog opens by itself while nobody has decided: the exact bytes first.",
  "consent-de": "The same in German.",
  "consent-withheld": "Leaving things out, one by one or by group; the report above follows at once.",
  "consent-given": "A yes.",
  "consent-grown": "The field set has grown: what is new, and what a yes without it means.",
  "consent-undelivered": "A decision that did not reach the server stays on the screen.",
  "telemetry-undecided": "Nobody has decided.",
  "telemetry-enabled": "Somebody agreed.",
  "telemetry-why": "Why: every rule that was asked, from the strongest on.",
  "telemetry-why-de": "The same in German.",
  "telemetry-charts": "Metrics of a component.",
  "telemetry-viewer": "As a viewer sees it.",
  "telemetry-unreachable": "The server does not answer, and a decision waits.",
  "telemetry-denied": "Somebody said no.",
  "telemetry-download": "For download only.",
  "telemetry-disabled": "Switched off in the configuration.",
  "report": "The exact report, built in the browser and compared with the server's.",
  "report-field": "What a field is, why it is collected, since when; and a search.",
  "report-compared": "The report of now beside the last one that was sent.",
  "report-refused": "A damaged or swapped module is refused.",
  "history": "Every report and every decision, chained.",
  "history-report": "One report: its digest, its fate, its receipt, and the decision it rests on.",
  "history-report-de": "The same in German.",
  "settings": "The values that hold, and where each comes from.",
  "settings-asks": "Stopping asks once.",
  "account": "Password, accounts, audit.",
  "sign-in": "Signing in.",
  "sign-in-ended": "A session that somebody ended.",
  "offline": "The stand-alone page, for file:// and machines without a network.",
  "offline-report": "A bundle there, built and compared.",
  "offline-field": "What a field is.",
  "offline-problems": "All problems of a configuration at once.",
  "collector-statistics": "The collector's page: what may be told of the reports of some days.",
  "collector-upload": "Reports that were carried there as files, and their receipts.",
};

const opener = (locale) => async (address) => {
  const context = await browser.newContext({ locale, timezoneId: "Europe/Berlin", viewport: SIZE, reducedMotion: "reduce" });
  context.setDefaultTimeout(120_000);
  const tab = await context.newPage();
  await tab.goto(address);
  return tab;
};

const missing = new Set(Object.keys(STATES));

async function take(name, tab) {
  if (!missing.delete(name)) return;
  if (name === "telemetry-charts") await tab.waitForTimeout(CHART_MS);
  await tab.setViewportSize(SIZE);
  await tab.mouse.move(0, 0);
  for (const colorScheme of THEMES) {
    await tab.emulateMedia({ colorScheme });
    await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await tab.waitForTimeout(200); // Charts are drawn again in the other colours.
    await tab.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), animations: "disabled", caret: "hide" });
  }
  await tab.emulateMedia({ colorScheme: "light" });
}

const pictures = () => readdirSync(folder).filter((name) => name.endsWith(".png")).map((name) => join(folder, name));

const overview = () => `# The page, state by state

Each in the colours that you read in; every picture is here in light and dark. Made by \`node webui/scripts/screenshots.mjs\`.

${Object.entries(STATES).map(([name, words]) => `**${words}**

<picture><source media="(prefers-color-scheme: dark)" srcset="${name}-dark.png"><img src="${name}-light.png" width="640" alt=""></picture>
`).join("\n")}`;

mkdirSync(folder, { recursive: true });
pictures().forEach((path) => rmSync(path));
const lab = new Lab();
const browser = await launch();
const scratch = mkdtempSync(join(tmpdir(), "candor-pictures-"));
try {
  for await (const { name, tab } of walk(lab, opener("en-US"))) await take(name, tab);
  for await (const { name, tab } of walk(lab, opener("de-DE"))) await take(`${name}-de`, tab);
  for await (const { name, tab } of walkOffline(scratch, opener("en-US"))) await take(name, tab);
  for await (const { name, tab } of walkCollector(lab, opener("en-US"))) await take(name, tab);
} finally {
  await browser.close();
  await lab.close();
  rmSync(scratch, { recursive: true, force: true });
}
if (missing.size > 0) throw new Error(`no walk comes to ${[...missing].join(", ")}`);
// Flat colours: a palette loses nothing that can be seen.
const { status, error } = spawnSync("pngquant", ["--force", "--skip-if-larger", "--strip", "--speed", "1", "--ext", ".png", "128", ...pictures()]);
if (error || (status !== 0 && status !== 98)) throw error ?? new Error(`pngquant ends with ${status}`);
writeFileSync(join(folder, "README.md"), overview());
const bytes = pictures().reduce((sum, path) => sum + statSync(path).size, 0);
console.log(`${pictures().length} pictures, ${bytes} bytes, in ${folder}`);
