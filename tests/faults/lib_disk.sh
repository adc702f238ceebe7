# An ext4 on a loop file in memory whose power can be cut; for scripts that source this first, with
# what they were called with. Sets $work, a folder that ends with the script, $device and $mountpoint.
# Ends the script in status 77 where that takes more than there is: root and loop devices.
# shellcheck shell=sh

skip() {
  echo "$0: skipped: $1"
  exit 77
}

[ "$(id -u)" = 0 ] || skip "mounting needs root"

# In a mount namespace of its own: another process that copies the one of all would keep a file system
# alive after it was cut and unmounted here.
if [ "${POWER_CUT_ALONE-}" != yes ]; then
  POWER_CUT_ALONE=yes exec unshare --mount --propagation private "$0" "$@"
fi

command -v mkfs.ext4 > /dev/null || skip "there is no mkfs.ext4"
command -v losetup > /dev/null || skip "there is no losetup"

work=$(mktemp -d /dev/shm/power-cut-XXXXXX)
device='' mountpoint=$work/mnt
clean_up() {
  umount "$mountpoint" 2> /dev/null || true
  [ -z "$device" ] || losetup -d "$device" || true
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
mkdir "$mountpoint"
# A database on the disk is another user's.
chmod 711 "$work"

# make_disk SIZE
make_disk() {
  truncate -s "$1" "$work/disk"
  device=$(losetup --find --show "$work/disk") || skip "there is no loop device"
  fresh_disk
}

fresh_disk() { mkfs.ext4 -q -F "$device"; }
