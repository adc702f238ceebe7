# Sourced by run.sh and serve.sh: servers on free ports of this machine, and their end.
# shellcheck shell=bash

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

servers=() found=""

# start_server LOG EXPRESSION COMMAND...: what the sed EXPRESSION prints of its log goes to $found. A
# server takes a free port itself and logs which, so no other program can get there first.
start_server() {
  local log=$1 expression=$2
  shift 2
  # Before it starts: an earlier run's log must not be taken for this one's.
  : > "$log"
  "$@" > "$log" 2>&1 &
  servers+=("$!")
  wait_for "$log" "$expression" "$1"
}

# wait_for LOG EXPRESSION NAME: the same of the server that was started last.
wait_for() {
  for _ in {1..100}; do
    found=$(sed -n "$2" "$1")
    [ -z "$found" ] || return 0
    kill -0 "${servers[-1]}" 2> /dev/null || fail "$3 ended; see $1"
    sleep 0.1
  done
  fail "$3 did not start within 10 s; see $1"
}

# start_prometheus_server LOG COMMAND...: one of the Prometheus programs; $found is its address.
start_prometheus_server() {
  start_server "$1" 's/.*msg="Listening on" address=\([0-9.:]*\).*/\1/p' "${@:2}" \
    --web.listen-address=127.0.0.1:0
}

stop_servers() {
  local server
  for server in "${servers[@]}"; do
    kill "$server" 2> /dev/null || true
    wait "$server" 2> /dev/null || true
  done
  servers=()
}

trap stop_servers EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
