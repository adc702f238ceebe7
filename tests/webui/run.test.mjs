// What ./dev run ends in, at a terminal: three real servers, the page, the collector, and Ctrl-C.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch, root, sha256, skipNative as skip } from "./browser.mjs";
import { until } from "./lab.mjs";
import { Visitor } from "./visitor.mjs";

const REPORTS = join(root, "build/run/collector/reports.db");
/** The bytes that the collector keeps, as base64, beside the program that keeps them. */
const READ_STORED = `import base64, json, sqlite3, sys
rows = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True).execute("SELECT bytes FROM reports ORDER BY id")
print(json.dumps([base64.b64encode(row[0]).decode() for row in rows]))`;
const ADDRESSES = /http:\/\/127\.0\.0\.1:\d+\//g;
let browser;
let terminal;
before(async () => {
  if (!skip) browser = await launch();
});
after(async () => {
  await browser?.close();
  terminal?.kill("SIGKILL");
});

const stored = () => JSON.parse(execFileSync("python3", ["-c", READ_STORED, REPORTS])).map((bytes) => sha256(Buffer.from(bytes, "base64")));
const isThere = (address) => fetch(address).then(() => true, () => false);

test("./dev run shows a page where one can agree, and see the report arrive; Ctrl-C ends it all", { skip, timeout: 240_000 }, async () => {
  // A terminal of its own.
  terminal = spawn("script", ["-qec", "native/cli/examples/serve.sh", "/dev/null"], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  terminal.stdout.on("data", (bytes) => (said += bytes));
  const ended = new Promise((resolve) => terminal.once("exit", resolve));
  await until(() => `the invitation; it said ${said}`, () => /Running; Ctrl-C stops all of it\./.test(said), 60_000);
  for (const name of ["Node Exporter", "Prometheus", "Pushgateway"]) assert.match(said, new RegExp(`${name} +healthy`));
  const [link] = /http:\/\/\S+#setup=\S+/.exec(said);

  const visitor = await Visitor.visit(browser, link);
  await visitor.setUp();
  await visitor.dialog.waitFor();
  const { digest } = await visitor.settled();
  await visitor.sayLooked();
  assert.deepEqual(stored(), []);
  await visitor.agree();
  await visitor.done();
  await visitor.closeDialog();
  await visitor.sendNow();
  const [lately] = /http:\/\/\S+\/lately/.exec(said);
  const seen = async () => (await (await fetch(new URL("v1/reports?latest=20", lately))).json()).reports.find((report) => report.digest === digest);
  const { installation, time } = await until("the report to arrive", seen, 20_000);
  assert.ok(stored().includes(digest));
  const sent = async () => (await visitor.api("reports?limit=100")).json.reports.find((report) => report.digest === digest && report.fate === "accepted");
  const receipt = JSON.parse((await until("the receipt to stand in the history", sent)).receipt);
  assert.deepEqual([receipt.digest, receipt.time], [digest, time]);
  assert.equal(installation, "example-installation");
  await visitor.tab.goto(lately);
  await visitor.tab.locator("candor-lately tbody tr", { hasText: digest.slice(0, 16) }).waitFor();
  await visitor.leave();

  const servers = [link, lately, ...readFileSync(join(root, "build/run/components.yaml"), "utf8").match(ADDRESSES)];
  assert.equal(servers.length, 8);
  for (const server of servers) assert.ok(await isThere(server), server);
  terminal.stdin.write("\x03");
  await ended;
  for (const server of servers) assert.ok(!(await isThere(server)), `${server} is still there`);
  assert.ok(existsSync(join(root, "build/run/serve-preview.json")));
});
