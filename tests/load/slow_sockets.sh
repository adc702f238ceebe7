#!/usr/bin/env bash
# Thousands of sockets that send their head slowly, their body slowly, or read slowly (slowhttptest -H,
# -B, -X), beside honest clients: every honest report is accepted, and none waits long.
# Usage: slow_sockets.sh BUILD_FOLDER [SOCKETS [SECONDS [MOST_P99_MS]]]
# Ends in status 77 without slowhttptest.
set -euo pipefail

build=$(cd "$1" && pwd)
readonly build sockets="${2:-10000}" seconds="${3:-12}" most_ms="${4:-100}" rate=200
readonly load="$build/tests/load/collector_load"
command -v slowhttptest > /dev/null || { echo "skipped: there is no slowhttptest" && exit 77; }
# Each side has a descriptor of each.
ulimit -n $((sockets + 2000)) 2> /dev/null || { echo "skipped: so many files may not be open" && exit 77; }

work=$(mktemp -d)
started=()
end_all() {
  kill "${started[@]}" 2> /dev/null || true
  wait || true
  rm -rf "$work"
}
trap end_all EXIT

"$build/native/cli/candor-collector" serve --folder "$work/store" --listen 127.0.0.1:0 \
  --proxy 127.0.0.1 --address-burst 1000000000 2> "$work/log" &
started+=($!)
for ((i = 0; i < 200; i++)); do
  if grep -q "received at" "$work/log"; then break; fi
  sleep 0.05
done
port=$(sed -n 's/.*received at 127.0.0.1:\([0-9]*\).*/\1/p' "$work/log")
first=0

# honest NAME: prints what it cost them, and fails where one was not accepted or waited too long.
honest() {
  local posts p50 p99 longest
  read -r posts p50 p99 longest < <("$load" honest "$port" "$rate" "$seconds" "$first")
  first=$((first + 1000000))
  echo "$1: $posts honest reports accepted, p50 $p50 ms, p99 $p99, longest $longest"
  awk -v p99="$p99" -v most="$most_ms" 'BEGIN { exit !(p99 != "" && p99 <= most) }'
}

# One may close while it is looked at.
open_sockets() { { find "/proc/${started[0]}/fd" -lname 'socket:*' 2> /dev/null || true; } | wc -l; }

# beside NAME WORDS...: the same while slowhttptest does as told.
beside() {
  slowhttptest -c "$sockets" -r "$((sockets / 5))" -l "$((seconds + 60))" -i 3 -p 60 \
    -u "http://127.0.0.1:$port$2" "${@:3}" > "$work/slow" 2>&1 &
  local slow=$!
  started+=("$slow")
  # slowhttptest itself takes its time to open them.
  local before=-1 now=0
  while ((now > before && now < sockets)); do
    before=$now
    sleep 3
    now=$(open_sockets)
  done
  honest "$1, $now sockets open before"
  echo "  and $(open_sockets) after"
  kill "$slow"
  wait "$slow" || true
  sleep 2
}

honest "alone"
beside "slow heads" /pings -H -t POST -x 24
beside "slow bodies" /pings -B -t POST -f application/json -s 8192 -x 10
beside "slow readers" /openapi.json -X -w 1 -y 2 -n 5 -z 1 -k 10
