// What ./dev run ends in, at a terminal: three real servers, the page, and Ctrl-C.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch, root, sha256, skipNative as skip } from "./browser.mjs";
import { until } from "./lab.mjs";
import { Visitor } from "./visitor.mjs";

const RECEIVED = join(root, "build/run/serve-received");
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
  assert.deepEqual(readdirSync(RECEIVED), []);
  await visitor.agree();
  await visitor.done();
  const received = () => readdirSync(RECEIVED).map((name) => sha256(readFileSync(join(RECEIVED, name))));
  await until("the report to arrive by itself", () => received().includes(digest), 90_000);
  await visitor.leave();

  const servers = [link, ...readFileSync(join(root, "build/run/components.yaml"), "utf8").match(ADDRESSES)];
  assert.equal(servers.length, 7);
  for (const server of servers) assert.ok(await isThere(server), server);
  terminal.stdin.write("\x03");
  await ended;
  for (const server of servers) assert.ok(!(await isThere(server)), `${server} is still there`);
  assert.ok(existsSync(join(root, "build/run/serve-preview.json")));
});
