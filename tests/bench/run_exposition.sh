#!/bin/bash
# Exposition reading beside its peers. Usage: run_exposition.sh BUILD_FOLDER
#
# Every program reads the same file and prints a digest of what was selected before anything is
# timed. Then each round times all of them in turn; the table holds medians of CPU time. Exits with 1
# when a budget was missed.
set -euo pipefail

build="$(cd "$1" && pwd)/tests/bench"
here="$(cd "$(dirname "$0")" && pwd)"
readonly build here
readonly work="$build/exposition"
readonly rounds="${ROUNDS:-7}"
readonly npm_peer="parse-prometheus-text-format@1.1.1"
mkdir -p "$work"

fail() {
  echo "run_exposition.sh: $*" >&2
  exit 1
}

# A real exporter on loopback, asked once.
scrape() {
  command -v prometheus-node-exporter >/dev/null || fail "install prometheus-node-exporter"
  prometheus-node-exporter --web.listen-address=127.0.0.1:19109 2>"$work/exporter.log" &
  local exporter=$!
  for _ in $(seq 50); do
    curl -sf http://127.0.0.1:19109/metrics -o "$work/scrape.prom" && break
    sleep 0.1
  done
  kill "$exporter"
  wait "$exporter" 2>/dev/null || true
  [ -s "$work/scrape.prom" ] || fail "prometheus-node-exporter did not answer"
}

build_peers() {
  local go=/usr/lib/go-1.19/bin/go
  [ -x "$go" ] || fail "install golang-1.19-go"
  GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$work/go-cache" \
    "$go" build -o "$work/exposition_go" "$here/peers/exposition.go" ||
    fail "install golang-github-prometheus-common-dev, golang-github-victoriametrics-victoriametrics-dev," \
      "golang-github-victoriametrics-metrics-dev, golang-github-victoriametrics-metricsql-dev," \
      "golang-github-valyala-fastjson-dev and golang-github-valyala-fasthttp-dev"
  [ -d "$work/node_modules/parse-prometheus-text-format" ] ||
    npm install --silent --no-save --prefix "$work" "$npm_peer"
}

candor() { "$build/exposition_bench" "$@"; }
go_peer() { "$work/exposition_go" "$1" "$2" "$input" "$dense"; }
npm_peer() { node "$here/peers/exposition.mjs" "$1" "$work" "$input" "$dense"; }

compare_digests() {
  local ours
  ours="$(candor digest "$input" "$dense")"
  for peer in "go_peer digest victoriametrics" "go_peer digest expfmt" "npm_peer digest"; do
    local theirs
    theirs="$($peer)"
    [ "$ours" = "$theirs" ] || fail "'$peer' selected $theirs, we selected $ours"
  done
  echo "all four selected the same: $ours"
}

# Lines of "name MB/s".
measure() {
  candor "$input" "$dense" "$sparse" --benchmark_min_time=0.3 --benchmark_format=csv 2>/dev/null |
    awk -F, '/^"?(candor|mem)/ { gsub(/"/, "", $1); printf "%s %.1f\n", $1, $6 / 1e6 }'
  echo "victoriametrics $(go_peer time victoriametrics)"
  echo "expfmt $(go_peer time expfmt)"
  echo "npm $(npm_peer time)"
}

table() {
  sort -k1,1 -k2,2n "$work/rounds.txt" | awk '
    function close_group() { if (n) { median[name] = v[int((n + 1) / 2)]; low[name] = v[1]; high[name] = v[n] } n = 0 }
    $1 != name { close_group(); name = $1 }
    { v[++n] = $2 }
    function row(key, text) {
      printf "%-34s %9.0f %9.0f %9.0f %7.2f %9.3f\n", text, median[key], low[key], high[key],
             median[key] / median["victoriametrics"], median[key] / median["memchr_lines"]
    }
    function budget(text, ours, peer, least, ratio, spread, verdict) {
      ratio = median[ours] / median[peer]
      spread = (high[peer] - low[peer]) / median[peer]
      verdict = ratio >= least ? "reached" : (spread > 0.2 ? "inconclusive" : "missed")
      printf "%-52s %8.2f  at least %6.1f  %s\n", text, ratio, least, verdict
      missed += verdict == "missed"
    }
    END {
      close_group()
      printf "%-34s %9s %9s %9s %7s %9s\n", "", "MB/s", "min", "max", "x VM", "x memchr"
      row("memchr_absent", "memchr, nothing found")
      row("memchr_lines", "memchr, line by line")
      row("memcpy", "memcpy")
      row("candor_select_3", "select 3 % of rows")
      row("candor_select_14", "select 14 % of rows")
      row("candor_select_14_chunks", "select 14 %, chunks of 64 KiB")
      row("candor_check", "check every row")
      row("victoriametrics", "VictoriaMetrics Rows.Unmarshal")
      row("expfmt", "Prometheus expfmt")
      row("npm", "npm parse-prometheus-text-format")
      print ""
      budget("select 14 % / VictoriaMetrics", "candor_select_14", "victoriametrics", 6)
      budget("select 14 % / expfmt", "candor_select_14", "expfmt", 200)
      budget("select 14 % / npm", "candor_select_14", "npm", 150)
      budget("select 3 % / memchr line by line", "candor_select_3", "memchr_lines", 0.5)
      budget("select 14 % in chunks / in one piece", "candor_select_14_chunks", "candor_select_14", 0.9)
      budget("check every row / VictoriaMetrics", "candor_check", "victoriametrics", 2.5)
      exit missed > 0
    }'
}

readonly input="$work/input.prom" dense="$here/exposition_14.txt" sparse="$here/exposition_3.txt"
[ -s "$work/scrape.prom" ] || scrape
build_peers
"$build/exposition_input" "$work/scrape.prom" 10000000 >"$input"
rows="$(grep -vc '^#' "$input")"
echo "input: $(stat -c %s "$input") bytes, $rows rows; selected" \
  "$(candor digest "$input" "$dense" | cut -d' ' -f1) and $(candor digest "$input" "$sparse" | cut -d' ' -f1)"
compare_digests
candor memory "$input" "$dense"
: >"$work/rounds.txt"
for round in $(seq "$rounds"); do
  echo "round $round of $rounds" >&2
  measure >>"$work/rounds.txt"
done
table
