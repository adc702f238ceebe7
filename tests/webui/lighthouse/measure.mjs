// What Lighthouse says about the page, signed in, on a real server: accessibility and best practices
// must be 100. Usage: node measure.mjs, after npm ci in this folder.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import lighthouse from "lighthouse";
import { chromium } from "playwright-core";

import { Lab } from "../lab.mjs";
import { Visitor } from "../visitor.mjs";
import { demoComponents, demoConfiguration } from "../walk.mjs";

const CATEGORIES = ["accessibility", "best-practices"];
const PAGES = ["telemetry", "report", "history", "settings", "account"];

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const lab = new Lab();
const profile = mkdtempSync(join(tmpdir(), "candor-lighthouse-"));
const port = await freePort();
let missed = 0;
try {
  const receiver = await lab.startReceiver();
  const made = lab.installation("lighthouse", { configuration: demoConfiguration(await demoComponents(lab), { endpoint: receiver.endpoint }) });
  await made.start();
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", `--remote-debugging-port=${port}`],
  });
  const measure = async (name, address) => {
    const { lhr } = await lighthouse(address, { port, onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: "error", formFactor: "desktop", screenEmulation: { disabled: true } });
    const scores = CATEGORIES.map((id) => Math.round(lhr.categories[id].score * 100));
    console.log(`${name.padEnd(12)} ${CATEGORIES.map((id, i) => `${id} ${scores[i]}`).join(", ")}`);
    for (const id of CATEGORIES) {
      for (const { id: audit } of lhr.categories[id].auditRefs) {
        const { score, scoreDisplayMode, title, displayValue, details } = lhr.audits[audit];
        if (score === null || score >= 1 || scoreDisplayMode === "informative") continue;
        console.log(`  ${audit}: ${title} ${displayValue ?? ""} ${JSON.stringify(details?.items?.slice(0, 3) ?? "").slice(0, 600)}`);
      }
    }
    if (scores.some((score) => score < 100)) missed++;
  };
  await measure("sign-in", made.address);
  const tab = await context.newPage();
  await tab.goto(await made.setupLink());
  const ada = new Visitor(tab);
  await ada.setUp();
  await ada.dialog.locator("candor-report-preview .notice.good").first().waitFor();
  await measure("the dialog", made.address);
  await ada.sayLooked();
  await ada.agree();
  await tab.locator("candor-consent footer .decide button").click();
  await tab.locator("candor-tile").first().waitFor();
  await tab.close();
  for (const page of PAGES) await measure(page, `${made.address}#${page}`);
  await context.close();
} finally {
  await lab.close();
  rmSync(profile, { recursive: true, force: true });
}
process.exit(missed === 0 ? 0 : 1);
