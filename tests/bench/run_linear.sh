#!/usr/bin/env bash
# Time grows no faster than the input: doubled from 1 MiB to 64 MiB, or to the documented limit, each
# step may take at most 2.3 times as long as the one before. Whole runs of the program, user and
# system time, median of ROUNDS (default 5). Exits with 1 when a step took longer.
# Usage: run_linear.sh BUILD_FOLDER
set -euo pipefail

candor="$(cd "$1" && pwd)/native/cli/candor"
readonly candor most=2.3 rounds="${ROUNDS:-5}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ---- inputs: each writes about $1 MiB, never more

# Objects and arrays, texts with escapes, numbers.
write_json() {
  awk -v bytes=$(($1 << 20)) 'BEGIN {
    printf "[\n0"
    for (size = 8; size < bytes - 200; size += length(row)) {
      row = sprintf(",\n{\"id\": %d, \"name\": \"entry \\u00e9 %d\", \"on\": true, \"at\": [%d, -1.5e3, null]}", i, i, i)
      printf "%s", row; i++
    }
    print "\n]"
  }'
}

# One object: every key is compared with those before.
write_keys() {
  awk -v bytes=$(($1 << 20)) 'BEGIN {
    printf "{\"first\": 0"
    for (size = 16; size < bytes - 200; size += length(row)) {
      row = sprintf(",\n\"key-%d-of-an-object\": %d", ++i, i)
      printf "%s", row
    }
    print "\n}"
  }'
}

# Every seventh row is one that the catalogue selects from the component operate.
write_exposition() {
  awk -v bytes=$(($1 << 20)) 'BEGIN {
    rows = int((bytes - 400) / 136); selected = int(rows / 7)
    print "# HELP jvm_memory_used_bytes Used memory\n# TYPE jvm_memory_used_bytes gauge"
    for (; i < selected; i++) {
      printf "jvm_memory_used_bytes{application=\"operate\",area=\"heap\",id=\"pool %07d of a machine with many of them, all named\",} 5.%07dE8\n", i, i
    }
    print "# HELP http_server_requests_seconds_max Slowest\n# TYPE http_server_requests_seconds_max gauge"
    for (; i < rows; i++) {
      printf "http_server_requests_seconds_max{error=\"none\",method=\"GET\",outcome=\"SUCCESS\",status=\"200\",uri=\"/v1/instances/%07d/xml\",} 0.%07d\n", i, i
    }
  }'
}

write_broken_exposition() {
  awk -v bytes=$(($1 << 20)) 'BEGIN {
    for (; size < bytes - 100; size += 40) printf "{no name=%09d} this is not a sample 0.0\n", i++
  }'
}

write_config() {
  awk -v bytes=$(($1 << 20)) -v form="$2" 'BEGIN {
    for (path = "metrics"; length(path) < 800;) path = path "/of-a-component"
    if (form == "yaml") {
      print "camunda:\n  console:\n    customerId: c\n    installationId: i\n    telemetry: download\n    managed:\n      method: plain\n      releases:\n        - name: r\n          namespace: n\n          components:"
    } else {
      printf "{\"camunda\":{\"console\":{\"customerId\":\"c\",\"installationId\":\"i\",\"telemetry\":\"download\",\"managed\":{\"method\":\"plain\",\"releases\":[{\"name\":\"r\",\"namespace\":\"n\",\"components\":[{\"name\":\"First\",\"id\":\"first\"}"
    }
    for (size = 600; size < bytes - 1200; size += length(row)) {
      i++
      if (form == "yaml") row = sprintf("            - name: Component %d\n              id: component%d\n              metrics: http://127.0.0.1:9100/%s\n", i, i, path)
      else row = sprintf(",\n{\"name\": \"Component %d\", \"id\": \"component%d\", \"metrics\": \"http://127.0.0.1:9100/%s\"}", i, i, path)
      printf "%s", row
    }
    if (form != "yaml") print "]}]}}}}"
  }'
}

write_config_json() { write_config "$1" json; }
write_config_yaml() { write_config "$1" yaml; }

write_facts() {
  awk -v bytes=$(($1 << 20)) 'BEGIN {
    printf "{\"collectedAt\": 1712228731639, \"usage\": ["
    for (size = 100; size < bytes - 300; size += length(row)) {
      row = sprintf("%s\n{\"component\": \"operate\", \"key\": \"process-instances\", \"value\": %d, \"tsFrom\": %.0f, \"tsTo\": %.0f}", i ? "," : "", i, 1712225131653 + i, 1712228731653 + i)
      printf "%s", row; i++
    }
    print "\n]}"
  }'
}

write_license() {
  awk -v bytes=$(($1 << 20)) 'BEGIN {
    for (; size < bytes - 64; size += 64) print "VGhpcyBpcyBubyBsaWNlbmNlIGtleSwgYW5kIG11Y2ggdG9vIGxvbmcuLi4uLi4"
  }'
}

# ---- what is measured: name, expected exit status, largest input in MiB, how to write it, command

measure_all() {
  measure "check-json, an array" 0 64 write_json check-json INPUT
  measure "check-json, one object" 0 64 write_keys check-json INPUT
  measure "check-json --strict, one object" 0 64 write_keys check-json --strict INPUT
  measure "check-exposition" 0 64 write_exposition check-exposition INPUT
  measure "check-exposition, all wrong" 2 64 write_broken_exposition check-exposition INPUT
  measure "report, selecting 14 %" 0 64 write_exposition \
    report --config "$work/config.json" --facts "$work/facts.json" --scrape operate=INPUT
  measure "report, from facts" 0 64 write_facts \
    report --config "$work/config.json" --facts INPUT
  measure "config, JSON (at most 8 MiB)" 0 8 write_config_json config INPUT
  measure "config, YAML (at most 8 MiB)" 0 8 write_config_yaml config INPUT
  measure "license (refused above 64 KiB)" 2 64 write_license license INPUT
}

measure() {
  local name=$1 status=$2 largest=$3 writer=$4 mib round
  shift 4
  for ((mib = 1; mib <= largest; mib *= 2)); do
    "$writer" "$mib" > "$work/input.$mib"
  done
  for ((round = 0; round < rounds; round++)); do
    for ((mib = 1; mib <= largest; mib *= 2)); do
      echo "$name|$mib|$(cpu_ms "$status" "$mib" "${@/INPUT/$work/input.$mib}")"
    done
  done >> "$work/times"
  rm -f "$work"/input.*
  tail -n 1 "$work/times" | cut -d '|' -f 1 >> "$work/names"
}

# cpu_ms STATUS MIB WORDS...: small inputs are read often, or the clock's steps would show.
cpu_ms() {
  local status=$1 runs=$((32 / $2 > 1 ? 32 / $2 : 1)) run TIMEFORMAT='%3U %3S'
  shift 2
  {
    time for ((run = 0; run < runs; run++)); do
      run_once "$status" "$@" || return 1
    done
  } 2>&1 | awk -v runs="$runs" 'END { printf "%.2f", ($1 + $2) * 1000 / runs }'
}

run_once() {
  local status=0
  "$candor" "${@:2}" > /dev/null 2> "$work/errors" || status=$?
  [ $status = "$1" ] && return
  echo "run_linear.sh: candor ${*:2} ended with $status: $(head -n 3 "$work/errors")" >&4
  return 1
}

table() {
  sort -t '|' -k1,1 -k2,2n -k3,3n "$work/times" | awk -F '|' -v most="$most" -v names="$work/names" '
    { key = $1 FS $2; times[key, ++count[key]] = $3 }
    function median(name, mib) {
      return times[name FS mib, int((count[name FS mib] + 1) / 2)]
    }
    END {
      printf "%-34s", "ms of CPU; MiB:"
      for (mib = 1; mib <= 64; mib *= 2) printf "%9d", mib
      print "   largest step"
      while ((getline name < names) > 0) {
        printf "%-34s", name
        step = 0
        for (mib = 1; mib <= 64; mib *= 2) {
          if (!count[name FS mib]) { printf "%9s", "-"; continue }
          printf "%9.1f", median(name, mib)
          if (mib > 1 && median(name, mib) > step * median(name, mib / 2)) {
            step = median(name, mib) / median(name, mib / 2)
          }
        }
        over = step > most
        missed += over
        printf "   %5.2f%s\n", step, over ? "  MISSED" : ""
      }
      printf "%s: every step at most %.1f times the one before\n", missed ? "MISSED" : "reached", most
      exit missed > 0
    }'
}

exec 4>&2
printf '%s\n' '{"camunda": {"console": {"customerId": "c", "installationId": "i", "telemetry": "download",
  "managed": {"method": "plain", "releases": [{"name": "r", "namespace": "n",
    "components": [{"name": "Operate", "id": "operate"}]}]}}}}' > "$work/config.json"
echo '{"collectedAt": 1712228731639}' > "$work/facts.json"
measure_all
table
