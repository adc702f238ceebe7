#!/bin/sh
# Fails for a test or golden folder that PARITY.md names and that does not exist.
cd "$(dirname "$0")" || exit 1
failed=0
for name in $(grep -oE '[A-Z][A-Za-z]*Test\.[A-Z][A-Za-z0-9]*' PARITY.md | sort -u); do
  suite=${name%.*}
  test=${name#*.}
  if ! cat ./*_test.cc ../core/*_test.cc | tr '\n' ' ' |
    grep -qE "TEST(_F|_P)?\( *$suite, *$test\)"; then
    echo "PARITY.md names no test of ours: $name"
    failed=1
  fi
done
for folder in $(grep -oE 'golden/[a-z0-9.-]*[a-z0-9]' PARITY.md | sort -u); do
  [ -d "../$folder" ] || { echo "PARITY.md names no folder of ours: $folder"; failed=1; }
done
exit $failed
