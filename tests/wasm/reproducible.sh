#!/bin/sh
# Builds the module once more from a copy of the sources in another folder, and fails unless it is
# the same, bit for bit. Usage: reproducible.sh [BUILT_MODULE]
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
built=${1:-$root/build/wasm/wasm/candor-core.wasm}
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir -p "$copy/another/folder"
cd "$root"
for part in CMakeLists.txt CMakePresets.json cmake core wasm/CMakeLists.txt wasm/module.cmake \
  wasm/abi.h wasm/abi.cc wasm/bare.cc tests; do
  mkdir -p "$copy/another/folder/$(dirname "$part")"
  cp -r "$part" "$copy/another/folder/$part"
done
cd "$copy/another/folder"
export CCACHE_DISABLE=1 NODE_PATH=/usr/share/nodejs
if ! { cmake --preset wasm && cmake --build build/wasm --target candor_module; } > "$copy/log" 2>&1; then
  tail -n 20 "$copy/log"
  exit 1
fi
cmp build/wasm/wasm/candor-core.wasm "$built"
echo "$(sha256sum < "$built" | cut -d ' ' -f 1): the same in two folders"
