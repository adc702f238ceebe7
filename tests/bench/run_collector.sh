#!/usr/bin/env bash
# Reports that a second of a server's CPU takes in: candor-collector, which checks each against its
# catalogue, stores it once and syncs before it answers, beside Go and node servers that parse JSON,
# know repeats and write without sync (Go also with), and nginx with Lua that reads and stores nothing.
# All on one core, by turns; the load comes from the other core. First all must give the same answers
# to the same posts and hold the same reports.
# Usage: run_collector.sh BUILD_FOLDER
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
readonly here build posts="${POSTS:-30000}" rounds="${ROUNDS:-5}" connections="${CONNECTIONS:-64}"
readonly collector="$build/native/cli/candor-collector" load="$build/tests/load/collector_load"
readonly names=(candor go go-sync node nginx)
work=$(mktemp -d "$build/collector-XXXXXX")
# shellcheck source=tests/bench/lib_processes.sh
. "$here/lib_processes.sh"
trap 'end_all; rm -rf "$work"' EXIT
declare -A pids ports figures first

# Nanoseconds on a CPU of all threads of a process.
cpu_ns() { cat /proc/"$1"/task/*/schedstat | awk '{ sum += $1 } END { printf "%.0f", sum }'; }
rss_kb() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$1/status"; }

# keep NAME: what was started last, whose port is in a file.
keep() {
  until_it test -s "$work/$1.port"
  pids[$1]=$started ports[$1]=$(cat "$work/$1.port")
}

nginx_config() {
  cat << CONF
load_module /usr/lib/nginx/modules/ndk_http_module.so;
load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;
daemon off; master_process off; pid $work/nginx.pid; error_log $work/nginx.error;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600; client_body_buffer_size 16k;
  client_body_temp_path $work/n1; proxy_temp_path $work/n2; fastcgi_temp_path $work/n3;
  uwsgi_temp_path $work/n4; scgi_temp_path $work/n5;
  server {
    listen 127.0.0.1:18046;
    location / { content_by_lua_block {
      ngx.req.read_body()
      local digest = ngx.md5(ngx.req.get_body_data())
      ngx.status = 202
      ngx.header["Content-Length"] = #digest
      ngx.print(digest)
    } }
  }
}
CONF
}

start_all() {
  start "$work/candor.log" taskset -c 0 "$collector" serve --folder "$work/store" \
    --listen 127.0.0.1:0 --proxy 127.0.0.1 --address-burst 1000000000 --address-per-second 1000000
  until_it grep -q "received at" "$work/candor.log"
  sed -n 's/.*received at 127.0.0.1:\([0-9]*\).*/\1/p' "$work/candor.log" > "$work/candor.port"
  keep candor
  /usr/lib/go-1.19/bin/go build -o "$work/go" "$here/peers/collector.go"
  start "$work/go.log" taskset -c 0 "$work/go" "$work/go.port" "$work/go.reports"
  keep go
  start "$work/go-sync.log" taskset -c 0 "$work/go" "$work/go-sync.port" "$work/go-sync.reports" sync
  keep go-sync
  start "$work/node.log" taskset -c 0 node "$here/peers/collector.mjs" "$work/node.port" \
    "$work/node.reports"
  keep node
  nginx_config > "$work/nginx.conf"
  start "$work/nginx.log" taskset -c 0 nginx -p "$work" -c "$work/nginx.conf"
  echo 18046 > "$work/nginx.port"
  until_it curl -s http://127.0.0.1:18046/
  keep nginx
}

# A thousand reports, the same again, and what is no JSON; then what each has stored.
compare() {
  local name
  for name in candor go go-sync node; do
    "$load" post "${ports[$name]}" 1000 4 0 > /dev/null
    "$load" repeat "${ports[$name]}" 1000 4 0 > /dev/null
    [ "$(curl -s -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -d '{' \
      "http://127.0.0.1:${ports[$name]}/pings")" = 400 ]
    local file=$work/$name.reports
    [ "$name" != candor ] || file=$work/store/reports.db
    "$load" stored "$file" > "$work/$name.stored"
    cmp "$work/candor.stored" "$work/$name.stored"
  done
  "$load" post "${ports[nginx]}" 1000 4 0 > /dev/null
  echo "all have stored the same $(cut -d' ' -f1 "$work/candor.stored") reports, nginx none"
}

# turn NAME: one line of figures: reports for a second of CPU, reports a second, p50 and p99 in ms.
turn() {
  local before after seconds p50 p99
  first[$1]=$((${first[$1]:-1000} + posts))
  before=$(cpu_ns "${pids[$1]}")
  read -r seconds p50 p99 < <(taskset -c 1 "$load" post "${ports[$1]}" "$posts" "$connections" \
    "${first[$1]}")
  after=$(cpu_ns "${pids[$1]}")
  awk -v posts="$posts" -v ns=$((after - before)) -v s="$seconds" -v p50="$p50" -v p99="$p99" \
    'BEGIN { printf "%.0f %.0f %s %s\n", posts / (ns / 1e9), posts / s, p50, p99 }' >> "$work/$1.figures"
}

# column NAME N: median, least and most.
column() {
  cut -d' ' -f"$2" "$work/$1.figures" | sort -n |
    awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)], a[1], a[NR] }'
}

start_all
compare
declare -A rss
for name in "${names[@]}"; do rss[$name]=$(rss_kb "${pids[$name]}"); done
for ((round = 0; round < rounds; round++)); do
  "$load" sync "$work" >> "$work/sync.figures"
  for name in "${names[@]}"; do turn "$name"; done
done

printf '%-10s %26s %12s %9s %9s %16s\n' "" "reports/CPU-s (range)" "reports/s" "p50 ms" "p99 ms" \
  "MB RSS more"
for name in "${names[@]}"; do
  read -r median least most < <(column "$name" 1)
  figures[$name]=$median
  grown=$((($(rss_kb "${pids[$name]}") - ${rss[$name]}) / 1024))
  printf '%-10s %9d (%7d-%7d) %12d %9s %9s %16d\n' "$name" "$median" "$least" "$most" \
    "$(column "$name" 2 | cut -d' ' -f1)" "$(column "$name" 3 | cut -d' ' -f1)" \
    "$(column "$name" 4 | cut -d' ' -f1)" "$grown"
done
echo "writing and syncing one report: p50 $(column sync 1 | cut -d' ' -f1) ms"

missed=0
# budget PEER RATIO
budget() {
  awk -v ours="${figures[candor]}" -v peer="${figures[$1]}" -v least="$2" -v name="$1" 'BEGIN {
    verdict = ours / peer >= least ? "met" : "MISSED"
    printf "%.2f x %s (budget %.1f: %s)\n", ours / peer, name, least, verdict
    exit verdict == "MISSED" }' || missed=1
}
budget go 3.5
budget go-sync 6
budget nginx 1
budget node 3.5
exit $missed
