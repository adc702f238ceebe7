#!/usr/bin/env bash
# 500 components with a node exporter's metrics, scraped every EVERY (default 15) seconds on one core by
# candor serve, vmagent and Prometheus as an agent, all at once, for ROUNDS (default 8) rounds. They do
# different work with what they read: Candor checks it and keeps what reports need; the others parse
# all of it and pass it on, to a server that drops it.
# Usage: run_serve.sh BUILD_FOLDER
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
candor="$(cd "$1/../native" && pwd)/native/cli/candor"
readonly here candor every="${EVERY:-15}" rounds="${ROUNDS:-8}" components=500
work=$(mktemp -d)
# shellcheck source=tests/bench/lib_processes.sh
. "$here/lib_processes.sh"
trap end_all EXIT

cpu_ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
rss_kb() { awk '$1 == "Rss:" { print $2 }' "/proc/$1/smaps_rollup"; }
threads() { awk '$1 == "Threads:" { print $2 }' "/proc/$1/status"; }

# row NAME PID TICKS_BEFORE
row() {
  local ms=$((($(cpu_ticks "$2") - $3) * 1000 / $(getconf CLK_TCK) / rounds))
  printf '%-18s %14d %9d %8d\n' "$1" "$ms" "$(rss_kb "$2")" "$(threads "$2")"
}

write_candor_config() {
  printf 'camunda:\n  console:\n    customerId: c\n    installationId: i\n    telemetry: download\n'
  printf '    managed:\n      method: plain\n      releases:\n      - name: r\n        namespace: n\n'
  printf '        components:\n'
  for ((i = 0; i < components; i++)); do
    printf '        - {name: c%d, id: c%d, metrics: "http://127.0.0.1:%s/metrics/%d"}\n' $i $i "$port" $i
  done
}

write_scrape_config() {
  printf 'global: {scrape_interval: %ss, scrape_timeout: 10s}\nscrape_configs:\n' "$every"
  for ((i = 0; i < components; i++)); do
    printf -- '- {job_name: c%d, metrics_path: /metrics/%d, static_configs: [{targets: ["127.0.0.1:%s"]}]}\n' \
      $i $i "$port"
  done
}

start "$work/exporter.log" prometheus-node-exporter --web.listen-address=127.0.0.1:18100
answers "$started" http://127.0.0.1:18100/
curl -s http://127.0.0.1:18100/metrics > "$work/exposition"
start "$work/port" taskset -c 1 node "$here/peers/components.mjs" "$work/exposition"
until_it test -s "$work/port"
port=$(cat "$work/port")
write_candor_config > "$work/candor.yaml"
write_scrape_config > "$work/vmagent.yaml"
{ cat "$work/vmagent.yaml" && printf 'remote_write: [{url: "http://127.0.0.1:%s/write"}]\n' "$port"; } \
  > "$work/prometheus.yaml"

start "$work/candor.log" taskset -c 0 "$candor" serve --config "$work/candor.yaml" \
  --state-folder "$work/state" --collect-every "$every"
ours=$started
start "$work/vmagent.log" taskset -c 0 vmagent -promscrape.config="$work/vmagent.yaml" \
  -remoteWrite.url="http://127.0.0.1:$port/write" -remoteWrite.tmpDataPath="$work/vmagent" \
  -httpListenAddr=127.0.0.1:18429
vmagent=$started
start "$work/prometheus.log" taskset -c 0 prometheus --enable-feature=agent \
  --config.file="$work/prometheus.yaml" --storage.agent.path="$work/prometheus" \
  --web.listen-address=127.0.0.1:18090
prometheus=$started
until_it grep -q "CANDOR-030.* 500 components were asked, 0 with problems" "$work/candor.log"
answers "$vmagent" http://127.0.0.1:18429/health
answers "$prometheus" http://127.0.0.1:18090/-/ready
sleep "$every"

declare -A before
for pid in "$ours" "$vmagent" "$prometheus"; do before[$pid]=$(cpu_ticks "$pid"); done
sleep $((every * rounds))
printf '%-18s %14s %9s %8s\n' "$components x $(wc -c < "$work/exposition") B" "CPU ms a round" "RSS kB" threads
row "candor serve" "$ours" "${before[$ours]}"
row "vmagent" "$vmagent" "${before[$vmagent]}"
row "Prometheus agent" "$prometheus" "${before[$prometheus]}"
