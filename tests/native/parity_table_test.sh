#!/bin/sh
# Fails for a test or golden folder that PARITY.md names and that does not exist.
set -eu
cd "$(dirname "$0")"

missing_tests() {
  grep -oE '[A-Z][A-Za-z]*Test\.[A-Z][A-Za-z0-9]*' PARITY.md | sort -u |
    while IFS=. read -r suite test; do
      cat ./*_test.cc ../core/*_test.cc | tr '\n' ' ' |
        grep -qE "TEST(_F|_P)?\( *$suite, *$test\)" || echo "no such test: $suite.$test"
    done
}

missing_folders() {
  grep -oE 'golden/[a-z0-9.-]*[a-z0-9]' PARITY.md | sort -u |
    while read -r folder; do [ -d "../$folder" ] || echo "no such folder: $folder"; done
}

found=$(missing_tests; missing_folders)
[ -z "$found" ] && exit
echo "$found"
exit 1
