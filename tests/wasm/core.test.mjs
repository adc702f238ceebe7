// @candor/core in node: loading, calling, and getting over failures. Run `npm run build` first.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Core, CoreLoadError, loadCore } from "@candor/core";

const path = new URL("../../wasm/package/dist/candor-core.wasm", import.meta.url);
const moduleBytes = () => new Uint8Array(readFileSync(path));
const abc = { name: "file:abc", bytes: "abc" };
const abcDigest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc\n";
const text = (bytes) => new TextDecoder().decode(bytes);

test("gives the operation's status, output and errors", async () => {
  const core = await loadCore(moduleBytes());
  const good = core.perform("digest", [abc]);
  assert.deepEqual([good.status, text(good.output), good.errors], [0, abcDigest, ""]);
  const bad = core.perform("check-json", [{ name: "file:x", bytes: "{" }]);
  assert.deepEqual([bad.status, bad.output.length], [2, 0]);
  assert.match(bad.errors, /^x:1:/);
  assert.equal(core.perform("no such operation").status, 1);
});

test("takes bytes of any kind and size", async () => {
  const core = await loadCore(moduleBytes());
  for (const size of [0, 1, 65536, 40 * 2 ** 20]) {
    const outcome = core.perform("digest", [{ name: "file:x", bytes: new Uint8Array(size).fill(7) }]);
    assert.equal(outcome.status, 0);
  }
  const inner = new Uint8Array([120, 97, 98, 99]).subarray(1);
  assert.equal(text(core.perform("digest", [{ ...abc, bytes: inner }]).output), abcDigest);
});

test("the output survives later calls", async () => {
  const core = await loadCore(moduleBytes());
  const first = core.perform("digest", [abc]).output;
  core.perform("digest", [{ name: "file:x", bytes: new Uint8Array(2 ** 24) }]);
  assert.equal(text(first), abcDigest);
});

test("refuses text that has no UTF-8 form", async () => {
  const core = await loadCore(moduleBytes());
  assert.throws(() => core.perform("digest", [{ name: "file:x", bytes: "a\ud800b" }]), TypeError);
  assert.equal(core.perform("digest", [{ name: "file:🙂", bytes: "🙂" }]).status, 0);
});

test("refuses a module that is not the one it was built with", async () => {
  const changed = moduleBytes();
  changed[changed.length - 1] ^= 1;
  await assert.rejects(loadCore(changed), CoreLoadError);
  await assert.rejects(loadCore(new Uint8Array(0)), CoreLoadError);
  await assert.rejects(loadCore(new Response("no", { status: 404 })), CoreLoadError);
});

test("loads from an answer to a fetch", async () => {
  const core = await loadCore(Promise.resolve(new Response(moduleBytes())));
  assert.equal(text(core.perform("digest", [abc]).output), abcDigest);
});

test("imports nothing and exports ten names", async () => {
  const module = await WebAssembly.compile(moduleBytes());
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  assert.deepEqual(
    WebAssembly.Module.exports(module).map(({ name }) => name).sort(),
    [
      "_initialize", "candor_abi_version", "candor_alloc", "candor_free", "candor_perform",
      "candor_reply_data", "candor_reply_free", "candor_reply_size", "candor_reply_status", "memory",
    ],
  );
});

// The bytes of a module whose memory may not grow beyond `pages`.
function withMaximumMemory(bytes, pages) {
  const leb = (at) => {
    let value = 0, shift = 0, next = at;
    do value |= (bytes[next] & 127) << shift, (shift += 7); while (bytes[next++] & 128);
    return [value, next];
  };
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at];
    const [size, body] = leb(at + 1);
    if (id === 5) {
      const [initial, afterInitial] = leb(body + 2);
      assert.ok(initial <= pages);
      const [, end] = leb(afterInitial);
      const encoded = [];
      for (let rest = pages, i = afterInitial; i < end; i++, rest >>= 7) {
        encoded.push((rest & 127) | (i + 1 < end ? 128 : 0));
      }
      bytes.set(encoded, afterInitial);
      return bytes;
    }
    at = body + size;
  }
  throw new Error("no memory section");
}

const smallCore = async () => new Core(await WebAssembly.compile(withMaximumMemory(moduleBytes(), 64)));

test("answers inputs that do not fit, and goes on", async () => {
  const core = await smallCore();
  const outcome = core.perform("digest", [{ name: "file:x", bytes: new Uint8Array(8 * 2 ** 20) }]);
  assert.deepEqual([outcome.status, outcome.output.length], [1, 0]);
  assert.match(outcome.errors, /^out of memory/);
  assert.equal(text(core.perform("digest", [abc]).output), abcDigest);
});

test("answers running out of memory in the middle, and goes on with a fresh instance", async () => {
  const core = await smallCore();
  const many = "[" + "[],".repeat(500_000) + "0]";
  for (let i = 0; i < 3; i++) {
    const outcome = core.perform("check-json", [{ name: "file:x", bytes: many }]);
    assert.deepEqual([outcome.status, outcome.output.length], [1, 0]);
    assert.match(outcome.errors, /out of memory/);
    assert.equal(text(core.perform("digest", [abc]).output), abcDigest);
  }
});
