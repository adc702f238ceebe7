#!/usr/bin/env bash
# The stand-alone reporter with its page, beside three real servers of this machine and a collector:
# the table of components, the report as a file, and the addresses where it can be looked at,
# downloaded and agreed to, and where it arrives. At a terminal it then runs until Ctrl-C; all that it started ends with
# it. ./dev run calls this; all that it makes is in build/run.
set -euo pipefail
cd "$(dirname "$0")/../../.."

readonly candor=build/native/native/cli/candor
readonly collector_program=build/native/native/cli/candor-collector
readonly out=build/run components=build/run/components.yaml online=build/run/online.yaml
readonly configs=(--config "$components" --config "$online")
link="" collector=""
# shellcheck source=native/cli/examples/servers.sh
. native/cli/examples/servers.sh

# component NAME ID READINESS METRICS
component() {
  printf '            - {name: %s, id: %s, readiness: "%s", metrics: "%s"}\n' "$@"
}

start_components() {
  start_prometheus_server "$out/node-exporter.log" prometheus-node-exporter
  component "Node Exporter" node-exporter "http://$found/" "http://$found/metrics"
  printf 'global: {}\n' > "$out/prometheus.yml"
  rm -rf "$out/prometheus"
  start_prometheus_server "$out/prometheus.log" prometheus --config.file="$out/prometheus.yml" \
    --storage.tsdb.path="$out/prometheus"
  component Prometheus prometheus "http://$found/-/ready" "http://$found/metrics"
  start_prometheus_server "$out/pushgateway.log" prometheus-pushgateway
  component Pushgateway pushgateway "http://$found/-/ready" "http://$found/metrics"
}

start_collector() {
  rm -rf "$out/collector"
  start_server "$out/collector.log" '/127/{s/.*\(127\.0\.0\.1:[0-9]*\).*/\1/p;q}' \
    "$collector_program" serve --folder "$out/collector" --listen 127.0.0.1:0
  collector=http://$found
}

# Nothing is sent before somebody agrees; what was agreed to goes out when somebody presses "Send
# now" on the page, and otherwise every 5 minutes, so that there is something to see.
online() {
  printf '%s\n' "mode: online" "endpoint: $1" "reportingPeriodSeconds: 300"
}

serve() {
  rm -rf "$out/serve-state"
  start_server "$out/serve.log" 's/.*\(http:[^ ]*#setup=.*\)/\1/p' \
    "$candor" serve "${configs[@]}" --state-folder "$out/serve-state" --collect-every 60 \
    --admin 127.0.0.1:0
  link=$found
  # The components were asked.
  wait_for "$out/serve.log" '/CANDOR-030/p' "$candor"
}

mkdir -p "$out"
{
  sed '/components:/q' native/cli/examples/application.yaml
  # Not in a subshell of a pipe: what it starts has to be known here.
  start_components
} > "$components"
start_collector
online "$collector/v1/reports" > "$online"
serve
printf '\nThe stand-alone reporter\n\n'
"$candor" components "${configs[@]}"
"$candor" preview "${configs[@]}" --state-folder "$out/serve-state" -o "$out/serve-preview.json"
cat << TEXT

Look, download, decide and send at
  $link
See it arrive at the collector's page
  $collector/lately
Look at
  $out/serve-preview.json   what would be reported; nothing is sent before somebody agreed
  $out/collector            where the collector keeps what was sent
  $components      the configuration, in the form of the Console's Helm chart
  $out/serve.log            what the reporter said
Try next
  $candor top ${configs[*]}
  $candor status ${configs[*]} --state-folder $out/serve-state
  $collector_program stats --folder $out/collector --to $(date -u +%F)   # tells of no fewer than ten
TEXT
if [ -t 0 ] && [ -t 1 ]; then
  printf '\nRunning; Ctrl-C stops all of it.\n'
  wait
fi
