#!/bin/sh
# Real power cuts of ext4 on a loop file in memory, under a process that changes a state.
#
# Usage: power_cut.sh BUILD ROUNDS [SEED]      e.g. power_cut.sh build/native 1000
# First a control without syncs, a tenth of the rounds, which must lose something; then the rounds,
# which must lose nothing. Needs root and loop devices; ends in status 77 without them.
set -eu

# shellcheck source=tests/faults/lib_disk.sh
. "$(dirname "$0")/lib_disk.sh"

build=$1 rounds=$2 seed=${3-$(date +%s)}
program=$build/tests/faults/power_cut

make_disk 128M
"$program" "$device" "$mountpoint" $((rounds / 10 + 20)) "$seed" --no-sync > "$work/control" || {
  cat "$work/control"
  echo "power_cut: the control without syncs lost nothing, so the cuts prove nothing"
  exit 1
}
tail -n 1 "$work/control"
fresh_disk
"$program" "$device" "$mountpoint" "$rounds" "$seed"
