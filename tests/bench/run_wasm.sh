#!/bin/sh
# Sizes of the WebAssembly module and its speed beside the native program.
# Needs build/native (candor), build/wasm (candor_module) and `npm run build`.
# Usage: run_wasm.sh (ROUNDS=5 in the environment for another number of rounds)
set -eu
cd "$(dirname "$0")/../.."
module=wasm/package/dist/candor-core.wasm
echo "module: $(wc -c < $module) bytes, gzip -9 $(gzip -9 -c $module | wc -c)," \
  "brotli 11 $(brotli -q 11 -c $module | wc -c) (budget 40960)"
exec node tests/bench/wasm_speed.mjs build/native/native/cli/candor "${ROUNDS:-5}"
