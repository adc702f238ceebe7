// Through every main state of the stand-alone page.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { native, root } from "./browser.mjs";

const golden = join(root, "tests/golden/console-helm-8.5");
const page = pathToFileURL(join(root, "webui/dist/candor-offline.html")).href;

/** Yields {name, tab} in every main state. `open` makes a tab; `folder` is for the files that are dropped there. */
export async function* walkOffline(folder, open) {
  const bundle = demoBundle(folder);
  const tab = await open(page);
  try {
    const files = tab.locator("candor-offline #files");
    await files.waitFor({ state: "attached" });
    yield { name: "offline", tab };
    const drop = (name, content) => {
      writeFileSync(join(folder, name), content);
      return files.setInputFiles(join(folder, name));
    };
    await drop("bundle.json", bundle);
    await tab.locator("candor-report-preview .line .code").first().waitFor();
    yield { name: "offline-report", tab };
    await tab.locator("candor-report-preview .line .code").nth(6).click();
    await tab.locator("candor-field-note dl").waitFor();
    yield { name: "offline-field", tab };
    await tab.reload();
    await files.waitFor({ state: "attached" });
    await drop("configuration.json", JSON.stringify({ mode: "onlin", catalogue: "enginee", requestRetries: -1, customerID: "x", withhold: "/a" }));
    await drop("facts.json", "{}");
    await tab.locator("candor-offline .notice.bad").first().waitFor();
    yield { name: "offline-problems", tab };
  } finally {
    await tab.close();
  }
}

/** A bundle as `candor preview --bundle` writes it, in this folder. */
export function demoBundle(folder) {
  const bundle = join(folder, "bundle.json");
  const scrapes = ["operate", "optimize", "tasklist"].flatMap((name) => ["--scrape", `${name}=${join(golden, `scrape.${name}.prom`)}`]);
  const { status, stderr } = spawnSync(native, [
    "preview", "--config", join(golden, "config.json"), "--facts", join(golden, "facts.json"), ...scrapes, "--withhold", "/dataPoints#system_cpu_usage@operate",
    "--state-folder", join(folder, "state"), "--bundle", bundle, "-o", join(folder, "report.json"),
  ], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return readFileSync(bundle);
}
