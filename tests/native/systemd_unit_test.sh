#!/bin/sh
# systemd finds nothing wrong with the unit. Usage: systemd_unit_test.sh CANDOR
set -eu
command -v systemd-analyze > /dev/null || {
  echo "skipped: there is no systemd-analyze"
  exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed "s#/usr/bin/candor#$1#" "$(dirname "$0")/../../native/serve/candor.service" > "$work/candor.service"
# Its manual page need not be installed.
said=$(systemd-analyze verify --man=no "$work/candor.service" 2>&1) || {
  echo "$said"
  exit 1
}
[ -z "$said" ] || {
  echo "$said"
  exit 1
}
