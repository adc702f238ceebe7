#!/bin/sh
# Real power cuts of ext4 on a loop file in memory, under a process that changes a state.
#
# Usage: power_cut.sh BUILD ROUNDS [SEED]      e.g. power_cut.sh build/native 1000
# First a control without syncs, a tenth of the rounds, which must lose something; then the rounds,
# which must lose nothing. Needs root and loop devices; ends in status 77 without them.
set -eu

# In a mount namespace of its own: another process that copies the one of all would keep a file system
# alive after it was cut and unmounted here.
if [ "${POWER_CUT_ALONE-}" != yes ] && [ "$(id -u)" = 0 ]; then
  POWER_CUT_ALONE=yes exec unshare --mount --propagation private "$0" "$@"
fi

build=$1 rounds=$2 seed=${3-$(date +%s)}
program=$build/tests/faults/power_cut

skip() {
  echo "power_cut: skipped: $1"
  exit 77
}

[ "$(id -u)" = 0 ] || skip "mounting needs root"
command -v mkfs.ext4 > /dev/null || skip "there is no mkfs.ext4"
command -v losetup > /dev/null || skip "there is no losetup"

work=$(mktemp -d /dev/shm/power-cut-XXXXXX)
device=
clean_up() {
  umount "$work/mnt" 2> /dev/null || true
  [ -z "$device" ] || losetup -d "$device" || true
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

mkdir "$work/mnt"
truncate -s 128M "$work/disk"
device=$(losetup --find --show "$work/disk") || skip "there is no loop device"

fresh_disk() { mkfs.ext4 -q -F "$device"; }

fresh_disk
"$program" "$device" "$work/mnt" $((rounds / 10 + 20)) "$seed" --no-sync > "$work/control" || {
  cat "$work/control"
  echo "power_cut: the control without syncs lost nothing, so the cuts prove nothing"
  exit 1
}
tail -n 1 "$work/control"
fresh_disk
"$program" "$device" "$work/mnt" "$rounds" "$seed"
