#!/bin/sh
# collector_posts on a disk whose power is cut.
#
# Usage: collector_posts.sh BUILD POSTS KILLS CUTS SEED [--postgres [--collectors N]]
# First a control without syncs, a tenth of it, which must lose something; not with PostgreSQL, whose
# own syncs are not in question. Needs root and loop devices; ends in status 77 without them.
set -eu

# shellcheck source=tests/faults/lib_disk.sh
. "$(dirname "$0")/../faults/lib_disk.sh"

build=$1 posts=$2 kills=$3 cuts=$4 seed=$5
shift 5
program=$build/tests/load/collector_posts

make_disk 8G
if [ $# = 0 ]; then
  "$program" --disk "$device" "$mountpoint" --posts $((posts / 10)) --kills 0 \
    --cuts $((cuts / 10 + 2)) --seed "$seed" --no-sync "$build/tests/load/libno_sync.so" || {
    echo "collector_posts: the control without syncs lost nothing, so the cuts prove nothing"
    exit 1
  }
  fresh_disk
fi
"$program" --disk "$device" "$mountpoint" --posts "$posts" --kills "$kills" --cuts "$cuts" \
  --seed "$seed" "$@"
