#!/usr/bin/env bash
# How long a host waits in Stop while a last report meets a network fault, beside how long vmagent
# takes to end on SIGTERM with samples for the same address. Exits with 1 above 2.0 s.
# Usage: run_stop.sh BUILD_FOLDER
set -euo pipefail

idle_host="$(cd "$1" && pwd)/tests/bench/idle_host"
readonly idle_host most=2000
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
# shellcheck source=tests/bench/lib_processes.sh
. "$here/lib_processes.sh"
trap end_all EXIT

now_ms() { date +%s%3N; }

# host_stop NUMBER URL: how many milliseconds Stop took.
host_stop() {
  "$idle_host" "$work/state$1" "$2" yes
  start_host "host$1" "$work/state$1" "$2"
  until_it grep -q idle "$work/host$1.out"
  stop_host
  tail -n 1 "$work/host$1.out"
}

# vmagent_stop NUMBER URL: it scrapes itself once a second.
vmagent_stop() {
  local begin agent
  start "$work/vmagent$1.log" vmagent -promscrape.config="$work/self.yml" -remoteWrite.url="$2" \
    -remoteWrite.tmpDataPath="$work/vmagent$1" -httpListenAddr=127.0.0.1:18429
  agent=$started
  answers "$agent" http://127.0.0.1:18429/health
  sleep 3
  begin=$(now_ms)
  kill "$agent"
  wait "$agent" || true
  echo $(($(now_ms) - begin))
}

printf 'scrape_configs:\n- job_name: self\n  scrape_interval: 1s\n  static_configs:\n  - targets: [127.0.0.1:18429]\n' \
  > "$work/self.yml"
start "$work/faulty.out" node "$here/peers/faulty.mjs"
until_it grep -q ready "$work/faulty.out"
{ echo "9 refuses" && grep -v ready "$work/faulty.out"; } > "$work/faults"

missed=0 number=0
printf '%-24s %12s %12s\n' "the other side" "Candor, ms" "vmagent, ms"
while read -r port name; do
  number=$((number + 1))
  url=http://127.0.0.1:$port/
  host_stop "$number" "$url" > "$work/took"
  ours=$(cat "$work/took")
  vmagent_stop "$number" "$url" > "$work/took"
  printf '%-24s %12d %12d\n' "$name" "$ours" "$(cat "$work/took")"
  ((ours <= most)) || missed=1
done < "$work/faults"
[ $missed = 0 ] && echo "reached: every Stop within $most ms" || echo "MISSED: a Stop took longer than $most ms"
exit $missed
