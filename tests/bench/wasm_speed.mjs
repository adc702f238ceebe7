// The WebAssembly module beside the native program: the same reports, interleaved, as ratios.
// Called by run_wasm.sh: node wasm_speed.mjs CANDOR ROUNDS
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loadCore } from "@candor/core";

const [candor, rounds] = [process.argv[2], Number(process.argv[3])];
const golden = "tests/golden/console-seed-000";
const folder = mkdtempSync(join(tmpdir(), "candor-bench-"));
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

function timed(work) {
  const start = performance.now();
  const result = work();
  return [performance.now() - start, result];
}

// Rows of one allow-listed family among `skipped` times as many of another.
function exposition(rows, skipped) {
  const lines = ["# TYPE jvm_memory_max_bytes gauge"];
  for (let i = 0; i < rows; i++) lines.push(`jvm_memory_max_bytes{area="heap",id="pool ${i}"} 5.36870912E8`);
  lines.push("# TYPE http_server_requests_seconds_max gauge");
  for (let i = 0; i < rows * skipped; i++) {
    lines.push(`http_server_requests_seconds_max{method="GET",status="200",uri="/api/${i}"} 0.0123`);
  }
  return lines.join("\n") + "\n";
}

function compare(core, name, text) {
  const scrape = join(folder, "scrape.prom");
  writeFileSync(scrape, text);
  const [config, facts] = [`${golden}/config.json`, `${golden}/facts.json`];
  const words = ["report", "--config", config, "--facts", facts, "--scrape", `operate=${scrape}`];
  const inputs = [
    { name: `config:${config}`, bytes: readFileSync(config) },
    { name: `facts:${facts}`, bytes: readFileSync(facts) },
    { name: `scrape:operate=${scrape}`, bytes: readFileSync(scrape) },
  ];
  const times = { native: [], wasm: [] };
  let bytes;
  for (let round = 0; round < rounds; round++) {
    const [native, printed] = timed(() => execFileSync(candor, words, { maxBuffer: 2 ** 30 }));
    const [wasm, outcome] = timed(() => core.perform("report", inputs));
    if (outcome.status !== 0 || !printed.equals(Buffer.from(outcome.output))) throw new Error(`${name} differs`);
    times.native.push(native);
    times.wasm.push(wasm);
    bytes = printed.length;
  }
  const [native, wasm] = [median(times.native), median(times.wasm)];
  console.log(
    `${name}: ${(text.length / 1e6).toFixed(1)} MB scraped, ${(bytes / 1e6).toFixed(1)} MB report; ` +
      `native process ${native.toFixed(0)} ms, wasm ${wasm.toFixed(0)} ms: ${(native / wasm).toFixed(2)}x native speed`,
  );
}

try {
  const bytes = new Uint8Array(readFileSync("wasm/package/dist/candor-core.wasm"));
  const compile = [], load = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await WebAssembly.instantiate(bytes, {});
    compile.push(performance.now() - start);
    const again = performance.now();
    await loadCore(bytes);
    load.push(performance.now() - again);
  }
  console.log(
    `compile and instantiate ${median(compile).toFixed(1)} ms; with hash and self-test ${median(load).toFixed(1)} ms`,
  );
  const core = await loadCore(bytes);
  compare(core, "report of 8 MB", exposition(20_000, 0));
  compare(core, "report of 30 MB", exposition(75_000, 0));
  compare(core, "selecting 14 %", exposition(15_000, 6));
} finally {
  rmSync(folder, { recursive: true });
}
