#!/usr/bin/env bash
# What a host pays for a reporter that sleeps, beside the same host without, and beside agents that
# have nothing to do, all in one run of SECONDS_IDLE (default 60) seconds. Exits with 1 when a budget
# is missed.
# Usage: run_idle.sh BUILD_FOLDER
set -euo pipefail

idle_host="$(cd "$1" && pwd)/tests/bench/idle_host"
candor="$(cd "$1/../native" && pwd)/native/cli/candor"
readonly idle_host candor seconds="${SECONDS_IDLE:-60}" nowhere=http://127.0.0.1:9/
work=$(mktemp -d)
# shellcheck source=tests/bench/lib_processes.sh
. "$(dirname "$0")/lib_processes.sh"
trap end_all EXIT

switches() {
  awk '/ctxt_switches/ { sum += $2 } END { print sum }' /proc/"$1"/task/*/status
}

memory() {
  awk -v key="$2:" '$1 == key { print $2 }' "/proc/$1/smaps_rollup"
}

threads() {
  find "/proc/$1/task" -mindepth 1 -maxdepth 1 | wc -l
}

# row NAME PID SWITCHES_BEFORE
row() {
  printf '%-32s %9d %13d %8d %17d\n' "$1" "$(memory "$2" Rss)" "$(memory "$2" Anonymous)" \
    "$(threads "$2")" $(($(switches "$2") - $3))
}

start_host without
without=$started
"$idle_host" "$work/state" "$nowhere" yes
start_host with "$work/state" "$nowhere"
with=$started
until_it grep -q idle "$work/with.out"

printf '{"mode": "online", "endpoint": "%s"}\n' "$nowhere" > "$work/candor.json"
start "$work/serve.log" "$candor" serve --config "$work/candor.json" --state-folder "$work/serve" --verbose
serve=$started
until_it grep -q CANDOR-001 "$work/serve.log"
: > "$work/empty.yml"
start "$work/vmagent.log" vmagent -promscrape.config="$work/empty.yml" \
  -remoteWrite.url="$nowhere" -remoteWrite.tmpDataPath="$work/vmagent" \
  -httpListenAddr=127.0.0.1:18429
vmagent=$started
start "$work/node.log" prometheus-node-exporter --web.listen-address=127.0.0.1:18100
exporter=$started
answers "$vmagent" http://127.0.0.1:18429/health
answers "$exporter" http://127.0.0.1:18100/
sleep 5

declare -A before
for pid in "$without" "$with" "$serve" "$vmagent" "$exporter"; do before[$pid]=$(switches "$pid"); done
sleep "$seconds"
printf '%-32s %9s %13s %8s   switches in %2d s\n' "" "RSS kB" "anonymous kB" threads "$seconds"
row "a host without telemetry" "$without" "${before[$without]}"
row "the same host, reporter asleep" "$with" "${before[$with]}"
row "candor serve, undecided" "$serve" "${before[$serve]}"
row "vmagent, nothing to scrape" "$vmagent" "${before[$vmagent]}"
row "node_exporter, never asked" "$exporter" "${before[$exporter]}"

missed=0
budget() {
  local verdict=reached
  (($2 <= $3)) || { verdict=MISSED && missed=1; }
  echo "$verdict: $1: $2, budget $3"
}
budget "switches between due events" $(($(switches "$with") - before[$with])) 0
budget "threads more" $(($(threads "$with") - $(threads "$without"))) 1
budget "anonymous kB more" $(($(memory "$with" Anonymous) - $(memory "$without" Anonymous))) 64
budget "switches of candor serve" $(($(switches "$serve") - before[$serve])) 0
budget "RSS kB of candor serve against a third of vmagent's" "$(memory "$serve" Rss)" \
  $(($(memory "$vmagent" Rss) / 3))
exit $missed
