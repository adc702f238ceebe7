#!/bin/sh
# systemd finds nothing wrong with the unit. Usage: systemd_unit_test.sh UNIT PROGRAM
set -eu
command -v systemd-analyze > /dev/null || {
  echo "skipped: there is no systemd-analyze"
  exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unit=$work/$(basename "$1")
sed "s#^ExecStart=[^ ]*#ExecStart=$2#" "$1" > "$unit"
# Its manual page need not be installed.
said=$(systemd-analyze verify --man=no "$unit" 2>&1) || {
  echo "$said"
  exit 1
}
[ -z "$said" ] || {
  echo "$said"
  exit 1
}
