#!/bin/sh
# Fails when a source file includes what its folder may not. Arrows point one way:
#   wasm -> core <- native
# Usage: layering_test.sh [ROOT]     check the tree at ROOT (default: this repository)
#        layering_test.sh --self-test show that each rule bites, on a tree made for it
set -eu

# One line on standard output for each violation.
violations() {
  cd "$1"
  twice
  find core native wasm tests \( -name '*.h' -o -name '*.cc' \) -type f 2>/dev/null | sort |
    while read -r file; do check_file "$file"; done
}

# A class that two headers define under one name is one to the linker, which takes either. The
# programs in native/cli never meet.
twice() {
  find core native -path native/cli -prune -o -name '*.h' -type f -exec awk '
    /^(class|struct) [A-Za-z]+( final)?( :.*)? \{/ {
      if ($2 in first && first[$2] != FILENAME)
        print FILENAME ": " first[$2] " has a class of this name: " $0
      else first[$2] = FILENAME
    }' {} + 2>/dev/null || :
}

check_file() {
  case $1 in
    *.h) grep -q '^#pragma once$' "$1" || echo "$1: a header needs #pragma once" ;;
  esac
  awk -v file="$1" '
    function bad(why) { print file ":" FNR ": " why ": " $0 }
    BEGIN {
      folder = file; sub(/\/.*/, "", folder)
      # The core has no clock, randomness, environment, disk, thread or log; and these are large.
      impure = "^<(chrono|ctime|random|thread|mutex|shared_mutex|condition_variable|future|" \
        "stop_token|semaphore|latch|barrier|filesystem|fstream|iostream|ostream|istream|sstream|" \
        "iomanip|cstdio|locale|clocale|regex|format|ranges|csignal)>$"
    }
    # Both #include lines and those inside macros or after spaces.
    match($0, /^[ \t]*#[ \t]*include[ \t]*/) {
      target = substr($0, RLENGTH + 1)
      sub(/[ \t]*(\/\/.*|\/\*.*)?$/, "", target)
      quoted = target ~ /^"/
      name = substr(target, 2, length(target) - 2)

      if (name ~ /\.(cc|cpp|c)$/) bad("nothing includes a source file")
      if (quoted && name !~ /^(core|native|wasm|tests)\//) bad("includes start at the root")
      if (name ~ /^curl\// && file !~ /^native\/transport\//) bad("only native/transport sees curl")
      if (name ~ /^nlohmann\// && folder == "core" && file != "core/json_reader.cc")
        bad("only core/json_reader.cc sees nlohmann/json")
      if (quoted && name ~ /^tests\// && folder != "tests") bad("the product does not see its tests")

      if (folder == "core") {
        if (quoted && name !~ /^core\//) bad("core sees core only")
        # Vector instructions of the compiler itself, where a measurement asks for them.
        vector = name == "emmintrin.h" && file == "core/exposition_line.cc"
        if (!quoted && name !~ /^[a-z_]+$/ && name !~ /^nlohmann\// && !vector)
          bad("core sees the C++ standard library only")
        if (target ~ impure) bad("core is pure")
      }
      if (folder == "native" && name ~ /^wasm\//) bad("native never sees wasm")
      if (folder == "wasm") {
        if (quoted && name !~ /^(core|wasm)\//) bad("wasm sees core only")
        if (!quoted && name !~ /^([a-z_]+|std[a-z]+\.h)$/)
          bad("wasm sees the standard library only")
      }
    }' "$1"
}

# Makes the file $1 in the tree with the line $2 and expects exactly the violation $3 (none: good).
expect() {
  rm -rf "${tree:?}"/*
  mkdir -p "$tree/$(dirname "$1")"
  { case $1 in *.h) [ "${4-}" = bare ] || echo '#pragma once' ;; esac; echo "$2"; } > "$tree/$1"
  found=$(violations "$tree")
  case $found in
    *"$3"*) [ -n "$3" ] || [ -z "$found" ] && return ;;
  esac
  echo "self-test: $1 with '$2' gave '$found' instead of '$3'"
  failed=1
}

self_test() {
  tree=$(mktemp -d)
  trap 'rm -rf "$tree"' EXIT
  failed=0
  expect core/a.cc '#include "native/a.h"' 'core sees core only'
  expect core/a.cc '#include "wasm/a.h"' 'core sees core only'
  expect core/a.cc '#include <sqlite3.h>' 'standard library only'
  expect core/a.cc '#include <curl/curl.h>' 'only native/transport sees curl'
  expect core/a.cc '  #  include <chrono>  // now' 'core is pure'
  expect core/a.cc '#include <nlohmann/json.hpp>' 'only core/json_reader.cc'
  expect core/a.cc '#include "a.h"' 'includes start at the root'
  expect core/a.cc '#include "core/b.cc"' 'nothing includes a source file'
  expect core/a.h '#include <string>' 'needs #pragma once' bare
  expect core/a.cc '#include "tests/a.h"' 'does not see its tests'
  expect native/cli/a.cc '#include "wasm/abi.h"' 'native never sees wasm'
  expect native/cli/a.cc '#include <curl/curl.h>' 'only native/transport sees curl'
  expect native/cli/a.cc '#include "../core/a.h"' 'includes start at the root'
  expect wasm/a.cc '#include "native/a.h"' 'wasm sees core only'
  expect wasm/a.cc '#include <unistd.h>' 'standard library only'
  expect tests/core/a.cc '#include "core/a.cc"' 'nothing includes a source file'
  rm -rf "${tree:?}"/*
  mkdir -p "$tree/core" "$tree/native"
  for header in core/a.h native/b.h; do
    printf '#pragma once\nstruct Twice {\n};\n' > "$tree/$header"
  done
  case $(violations "$tree") in
    *"has a class of this name: struct Twice"*) ;;
    *) echo "self-test: two classes of one name are not seen" && failed=1 ;;
  esac
  expect core/json_reader.cc '#include <nlohmann/json.hpp>' ''
  expect core/a.cc '#include "core/a.h"' ''
  expect core/a.h '#include <string_view>  // views' ''
  expect native/transport/a.cc '#include <curl/curl.h>' ''
  expect native/cli/a.cc '#include "core/a.h"' ''
  expect wasm/abi.h '#include <stdint.h>' ''
  return "$failed"
}

if [ "${1-}" = --self-test ]; then
  self_test
  exit
fi
found=$(violations "${1-$(dirname "$0")/..}")
[ -z "$found" ] && exit
echo "$found"
exit 1
