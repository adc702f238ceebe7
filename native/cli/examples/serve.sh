#!/usr/bin/env bash
# The stand-alone reporter in the mode download, beside three real servers of this machine: the
# table of components, and the report as a file. At a terminal it then runs until Ctrl-C; all that
# it started ends with it. ./dev run calls this; all that it makes is in build/run.
set -euo pipefail
cd "$(dirname "$0")/../../.."

readonly candor=build/native/native/cli/candor
readonly out=build/run config=build/run/serve.yaml
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

serve() {
  rm -rf "$out/serve-state"
  start_server "$out/serve.log" 's/.*CANDOR-030 \(.*\)/\1/p' \
    "$candor" serve --config "$config" --state-folder "$out/serve-state" --collect-every 60
}

mkdir -p "$out"
{
  sed '/components:/q' native/cli/examples/application.yaml
  # Not in a subshell of a pipe: what it starts has to be known here.
  start_components
} > "$config"
serve
printf '\nThe stand-alone reporter: %s\n\n' "$found"
"$candor" components --config "$config"
"$candor" preview --config "$config" --state-folder "$out/serve-state" -o "$out/serve-preview.json"
cat << TEXT

Look at
  $out/serve-preview.json  what would be reported; in the mode download nothing is ever sent
  $config          the configuration, in the form of the Console's Helm chart
  $out/serve.log           what the reporter said
Try next
  $candor top --config $config
  $candor status --config $config --state-folder $out/serve-state
TEXT
if [ -t 0 ] && [ -t 1 ]; then
  printf '\nRunning; Ctrl-C stops all of it.\n'
  wait
fi
