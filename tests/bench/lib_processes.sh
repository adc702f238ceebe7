# Sourced by run_idle.sh and run_stop.sh: starts what is measured, and ends it by its process id.
# They have a folder $work and the program $idle_host.
# shellcheck shell=bash disable=SC2154

# start LOG COMMAND...: leaves its process id in $started.
start() {
  "${@:2}" < /dev/null > "$1" 2>&1 &
  started=$!
  all_started+=("$started")
}

# start_host NAME WORDS...: an idle_host that goes on when its input ends; see stop_host.
start_host() {
  mkfifo "$work/$1.in"
  "$idle_host" "${@:2}" < "$work/$1.in" > "$work/$1.out" 2>&1 &
  started=$!
  all_started+=("$started")
  exec {hold}> "$work/$1.in"
}

# Ends the host that was started last.
stop_host() {
  exec {hold}>&-
  wait "$started"
}

end_all() {
  local pid
  for pid in "${all_started[@]}"; do
    if kill "$pid"; then wait "$pid" || true; fi
  done
  rm -rf "$work"
} 2> /dev/null

# until_it COMMAND...: waits at most 20 s until it succeeds.
until_it() {
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    "$@" > /dev/null 2>&1 && return
    sleep 0.1
  done
  echo "$0: '$*' did not come true within 20 s" >&2
  return 1
}

# answers PID URL: waits until the process that was started does; another one may hold its port.
answers() {
  until_it curl -s "$2"
  kill -0 "$1" 2> /dev/null || {
    echo "$0: what answers at $2 is not what was started" >&2
    return 1
  }
}

all_started=()
