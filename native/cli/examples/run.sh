#!/usr/bin/env bash
# Builds a report about this machine from a running exporter, natively and in WebAssembly, and
# compares the bytes; then lives through the report's life: a preview, a yes to exactly its bytes, and
# sending to a receiver on this machine. Needs both builds; ./dev run makes them and calls this. All
# that it makes is in build/run; nothing leaves the machine.
set -euo pipefail
cd "$(dirname "$0")/../../.."

readonly candor=build/native/native/cli/candor
readonly candor_core=wasm/package/bin/candor-core.mjs
readonly receiver_program=build/native/tests/native/test_receiver
readonly out=build/run
# shellcheck source=native/cli/examples/servers.sh
. native/cli/examples/servers.sh
address="" endpoint=""

start_exporter() {
  start_prometheus_server "$out/node-exporter.log" prometheus-node-exporter
  address=$found
}

start_receiver() {
  rm -rf "$out/received"
  mkdir -p "$out/received"
  start_server "$out/receiver.log" '1s/.*\(http:[^ ]*\).*/\1/p' "$receiver_program" "$out/received"
  endpoint=$found
}

scrape() {
  curl --silent --show-error --fail --noproxy '*' --max-time 10 --retry 5 --retry-connrefused \
    --retry-delay 1 -o "$out/node-exporter.prom" "http://$address/metrics" ||
    fail "the exporter did not answer on $address; see $out/node-exporter.log"
}

# report PROGRAM CONFIG FILE
report() {
  "$1" report --config "$2" --facts "$out/facts.json" \
    --scrape "node-exporter=$out/node-exporter.prom" -o "$3"
}

size() { wc -c < "$1"; }
sha256() { "$1" digest "$2" | cut -d ' ' -f 1; }

# The reporter's commands, on a state folder of their own.
reporter() {
  CANDOR_ENDPOINT=$endpoint "$candor" "$@" --config "$out/application.yaml" \
    --state-folder "$out/state"
}
facts=(--facts "$out/facts.json" --scrape "node-exporter=$out/node-exporter.prom")

live() {
  rm -rf "$out/state" "$out/preview.json"
  reporter preview "${facts[@]}" -o "$out/preview.json" 2> /dev/null
  reporter consent grant "${facts[@]}" --report "$out/preview.json" --as example > "$out/consent.txt"
  reporter send "${facts[@]}" > "$out/sent.txt"
}

show_life() {
  local id
  id=$(sed -n 's/^report  *//p' "$out/sent.txt")
  reporter history show "$id" --bytes > "$out/stored.json"
  echo
  printf '%-16s %s\n' "previewed" "$(sha256 "$candor" "$out/preview.json")" \
    "stored" "$(sha256 "$candor" "$out/stored.json")" \
    "received" "$(sha256 "$candor" "$out/received/$id.json")"
  if ! cmp "$out/preview.json" "$out/received/$id.json" || ! cmp "$out/preview.json" "$out/stored.json"; then
    fail "what was previewed is not what was received"
  fi
  printf '\n'
  reporter history list
  reporter history verify
}

show() {
  local points
  points=$(grep -c '^    {$' "$out/report.json")
  printf '\n%-16s %s\n' "exposition" "$(size "$out/node-exporter.prom") bytes from http://$address/metrics"
  printf '%-16s %s\n' "report" "$(size "$out/report.json") bytes, $points data points"
  printf '%-16s %s\n' "native" "$1" "WebAssembly" "$2"
  echo "identical        $out/report.json and $out/report.wasm.json"
  printf '\nThe report begins with\n'
  sed -n 's/^/  /;1,22p' "$out/report.json"
  cat << TEXT
  ...

Look at
  $out/report.json         every byte of the report
  $out/received            what the receiver on this machine was sent; nothing left the machine
  $out/application.yaml    the configuration; config.json is what the core makes of it
Try next
  export PATH="\$PWD/$(dirname "$candor"):\$PATH"
  candor status --config $out/application.yaml --state-folder $out/state
  candor consent deny --config $out/application.yaml --state-folder $out/state
  candor catalogue docs console              # what may be in this report, and why
  candor config $out/application.yaml    # every setting, and where it came from
  candor report --config $out/application.yaml --facts $out/facts.json \\
    --scrape node-exporter=$out/node-exporter.prom \\
    --withhold '/dataPoints#node_cpu_seconds_total'    # the same without processor times
TEXT
}

mkdir -p "$out"
start_exporter
scrape
stop_servers
sed "s|http://127\.0\.0\.1:9100/|http://$address/|" native/cli/examples/application.yaml \
  > "$out/application.yaml"
printf '{"collectedAt": %s}\n' "$(date +%s%3N)" > "$out/facts.json"
rm -f "$out/report.json" "$out/report.wasm.json"
report "$candor" "$out/application.yaml" "$out/report.json"
# What the core makes of the YAML is one JSON document; the browser gets that.
"$candor" config "$out/application.yaml" > "$out/config.json"
report "$candor_core" "$out/config.json" "$out/report.wasm.json"
native_digest=$(sha256 "$candor" "$out/report.json")
wasm_digest=$(sha256 "$candor_core" "$out/report.wasm.json")
if ! cmp "$out/report.json" "$out/report.wasm.json" || [ "$native_digest" != "$wasm_digest" ]; then
  fail "the two reports differ: $native_digest natively, $wasm_digest in WebAssembly"
fi
# The example's mode is download; here somebody wants to send.
sed -i 's/telemetry: download/telemetry: online/' "$out/application.yaml"
start_receiver
live
stop_servers
show "$native_digest" "$wasm_digest"
show_life
