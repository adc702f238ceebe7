// What the server says to browsers with every answer, whoever asks and however it comes out, and what
// the policies of both pages are worth.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { root, skip, skipNative } from "./browser.mjs";
import { Lab } from "./lab.mjs";
import { PASSWORD } from "./visitor.mjs";

const require = createRequire(import.meta.url);
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const { Severity } = require("csp_evaluator/dist/finding.js");

const options = { skip: skipNative, timeout: 240_000 };
let lab;
let made;
before(async () => {
  if (skipNative) return;
  lab = new Lab();
  made = lab.installation("policy", { configuration: { mode: "download", catalogue: "console", customerId: "c", installationId: "i" } });
  await made.start();
  await made.user(["add", "ada", "--role", "superuser"], PASSWORD);
});
after(() => lab?.close());

/** Findings that are more than a hint: "high", "possibly high", and what the evaluator could not read. */
function grave(policy) {
  const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
  assert.ok(findings.every(({ severity }) => severity !== undefined));
  return findings.filter(({ severity }) => [Severity.HIGH, Severity.HIGH_MAYBE, Severity.SYNTAX, Severity.MEDIUM].includes(severity))
    .map(({ directive, value, description }) => `${directive} ${value}: ${description}`);
}

const ask = (path, { method = "GET", signedIn = false, headers = {}, body } = {}) => fetch(new URL(path, made.address), {
  method, body, redirect: "manual",
  headers: { ...(signedIn && { Authorization: `Basic ${Buffer.from(`ada:${PASSWORD}`).toString("base64")}` }), ...headers },
});

/** Every method of every path that the server describes, and some that are not there. */
async function* requests() {
  const { paths } = await (await ask("api/v1/openapi.json")).json();
  const page = await (await ask("")).text();
  const file = /assets\/([\w.-]+\.js)/.exec(page)[1];
  const names = { file, hash: "x", digest: "0".repeat(64), id: "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3", name: "nobody" };
  const known = Object.keys(paths).map((path) => path.slice(1).replace(/\{(\w+)\}/g, (_, name) => names[name] ?? assert.fail(`what is ${name}?`)));
  assert.ok(known.length > 25);
  for (const path of [...known, "nothing", "assets/", "api/v1/nothing", "%00", "..%2f..%2fetc/passwd"]) {
    for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      for (const signedIn of [false, true]) {
        if (path === "api/v1/events" && signedIn && method === "GET") continue; // It goes on for ever; asked below.
        if (path === "api/v1/session" && method === "DELETE") continue;
        yield { path, method, signedIn };
      }
    }
  }
}

const ALWAYS = {
  "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin", "x-frame-options": "DENY",
};

function check({ status, headers }, what) {
  for (const [name, value] of Object.entries(ALWAYS)) assert.equal(headers.get(name), value, `${name} of ${what}, ${status}`);
  const caching = headers.get("cache-control");
  const hashed = status === 200 && /GET|HEAD/.test(what) && /assets\/|candor-core-/.test(what);
  assert.equal(caching, hashed ? "public, max-age=31536000, immutable" : "no-store", `cache-control of ${what}, ${status}`);
  const policy = headers.get("content-security-policy") ?? "";
  assert.match(policy, /frame-ancestors 'none'/, `policy of ${what}, ${status}`);
  assert.match(policy, /default-src 'none'/, `policy of ${what}, ${status}`);
  assert.match(policy, /base-uri 'none'/, `policy of ${what}, ${status}`);
  for (const name of ["server", "x-powered-by", "access-control-allow-origin", "access-control-allow-credentials"]) {
    assert.equal(headers.get(name), null, `${name} of ${what}, ${status}`);
  }
  if (status >= 400) assert.match(headers.get("content-type") ?? "application/problem+json", /^application\/(problem\+)?json/, what);
}

test("every answer of every route tells browsers to keep, frame, guess and share nothing", options, async () => {
  let asked = 0;
  for await (const { path, method, signedIn } of requests()) {
    for (const headers of [{}, { Origin: "https://hostile.invalid", "Sec-Fetch-Site": "cross-site" }]) {
      const answer = await ask(path, { method, signedIn, headers });
      check(answer, `${method} /${path}${signedIn ? " of ada" : ""}`);
      await answer.arrayBuffer();
      asked++;
    }
  }
  assert.ok(asked > 700, `${asked} requests`);
  const controller = new AbortController();
  const events = await fetch(new URL("api/v1/events", made.address), {
    signal: controller.signal, headers: { Authorization: `Basic ${Buffer.from(`ada:${PASSWORD}`).toString("base64")}` },
  });
  check(events, "GET /api/v1/events of ada");
  controller.abort();
});

test("a request for another host, with a broken body or of too many bytes is told the same", options, async () => {
  for (const how of [
    { path: "api/v1/session", method: "POST", body: "{", headers: { "Content-Type": "application/json" } },
    { path: "api/v1/session", method: "POST", body: "x".repeat(200_000), headers: { "Content-Type": "application/json" } },
    { path: "api/v1/session", method: "POST", body: "{}", headers: { "Content-Type": "text/html" } },
    { path: "api/v1/status?x=<script>" }, { path: `${"a/".repeat(2000)}` },
  ]) {
    const { path, ...rest } = how;
    const answer = await ask(path, rest);
    assert.ok(answer.status >= 400, path);
    check(answer, `${rest.method ?? "GET"} ${path.slice(0, 60)}`);
  }
  const answer = await new Promise((resolve, reject) => {
    request(made.address, { headers: { Host: "hostile.invalid" } }, resolve).on("error", reject).end();
  });
  assert.equal(answer.statusCode, 421);
  check({ status: 421, headers: new Headers(answer.headers) }, "GET / of another host");
  answer.resume();
});

test("the page's policy has no grave finding, and lets nothing inline, foreign or framed in", options, async () => {
  const policies = new Set();
  for (const path of ["", "offline.html", /assets\/core-worker[\w.-]+\.js/]) {
    let address = path;
    if (path instanceof RegExp) {
      const page = await (await ask("")).text();
      const script = /assets\/index[\w.-]+\.js/.exec(page)[0];
      [address] = path.exec(await (await ask(script)).text()) ?? assert.fail("the page names no worker");
    }
    policies.add((await ask(address)).headers.get("content-security-policy"));
  }
  policies.add((await ask("api/v1/status")).headers.get("content-security-policy"));
  for (const policy of policies) {
    assert.deepEqual(grave(policy), [], policy);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*|data:(?! *;| *$).*script/, policy);
  }
  assert.ok([...policies].some((policy) => /require-trusted-types-for 'script'/.test(policy)));
});

test("the evaluator finds what is wrong with a careless policy", options, () => {
  assert.notDeepEqual(grave("default-src *; script-src 'unsafe-inline'"), []);
  assert.notDeepEqual(grave("script-src 'self' https://cdn.example.com"), []);
});

test("the stand-alone page's own policy has no grave finding, and forbids every connection", { skip, timeout: 60_000 }, () => {
  const page = readFileSync(join(root, "webui/dist/candor-offline.html"), "utf8");
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page);
  assert.deepEqual(grave(policy), []);
  assert.match(policy, /connect-src 'none'/);
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
});
