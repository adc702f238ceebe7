// Through every main state of the collector's page, on a real collector.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { until } from "./lab.mjs";

const DAY_MS = 86_400_000;
const dayBefore = (days) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
const nth = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const pick = (n, ...of) => of[n % of.length];

/** The nth installation's report. */
const report = (n) => JSON.stringify({
  installation: nth(n),
  product: {
    name: "Camunda BPM Runtime", version: pick(n, "7.21.0", "7.20.4", "7.20.4", "7.19.11", "7.20.4"), edition: pick(n, "community", "enterprise", "community"),
    internals: {
      "database": { vendor: pick(n, "PostgreSQL", "Oracle", "PostgreSQL", "h2"), version: pick(n, "15.4", "19c", "15.4") },
      "jdk": { version: pick(n, "17.0.9", "21.0.1"), vendor: "Eclipse Adoptium" },
      "webapps": ["cockpit", "admin", ...(n % 2 ? ["tasklist"] : [])],
      "camunda-integration": ["spring-boot-starter"],
      "commands": { DeployCmd: { count: n * 7 }, CompleteTaskCmd: { count: n * 1_913 }, StartProcessInstanceCmd: { count: n * 311 } },
      "metrics": { "root-process-instance-start": { count: n * 311 }, "activity-instance-start": { count: n * 4_201 }, "unique-task-workers": { count: pick(n, 2, 5, 8) } },
    },
  },
});

/** Reports lie as if they had come over a month: the collector's clock is the machine's. */
const SPREAD = `import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db: db.execute("UPDATE reports SET arrived_ms = arrived_ms - (id * id / 7 % 30) * 86400000")`;

/** Yields {name, tab} in every main state. `open` makes a tab. */
export async function* walkCollector(lab, open) {
  const collector = await lab.startCollector();
  const tab = await open(collector.address);
  try {
    await tab.locator("candor-statistics .notice").waitFor();
    yield { name: "collector-few", tab };
    for (let n = 1; n <= 900; n++) {
      const { status } = await fetch(collector.endpoint, { method: "POST", body: report(n), headers: { "Content-Type": "application/json" } });
      if (status !== 202) throw new Error(`a report is answered with ${status}`);
    }
    execFileSync("python3", ["-c", SPREAD, join(collector.folder, "reports.db")]);
    await tab.locator("#from").fill(dayBefore(29));
    await until("the statistics", async () => {
      await tab.locator("#to").fill(dayBefore(0));
      await tab.locator("form button.primary").click();
      return (await tab.locator("candor-catalogue-statistics").count()) > 0;
    });
    yield { name: "collector-statistics", tab };
    await tab.locator("candor-bars summary").click();
    yield { name: "collector-days", tab };
    await tab.locator("nav a[href='./upload']").click();
    const file = (name, text) => ({ name, mimeType: "application/json", buffer: Buffer.from(text) });
    await tab.locator("#files").setInputFiles([
      file("candor-report-carried.json", report(1001)), file("another.json", '{"installation": 1, "product": {"name": 2, "internals": {"jdk": {}}}}'),
    ]);
    await tab.locator("candor-upload .notice", { hasText: /\d/ }).waitFor();
    yield { name: "collector-upload", tab };
    await tab.locator("nav a[href='./lately']").click();
    await tab.locator("candor-lately tbody tr").first().waitFor();
    yield { name: "collector-lately", tab };
  } finally {
    await tab.close();
  }
}
