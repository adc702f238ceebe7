#!/usr/bin/env bash
# candor probe tells what a real Elasticsearch and a real OpenSearch are, made of the artifacts that
# their projects publish. Those that Maven has on this machine are used; with
# CANDOR_SEARCH_ENGINES=1 it may fetch them.
# Usage: probe_test.sh CANDOR
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
candor=$1
skip() {
  echo "skipped: $1"
  exit 77
}
for program in mvn javac curl; do
  command -v $program > /dev/null || skip "needs $program"
done
work=$(mktemp -d)
node=
end() {
  [ -z "$node" ] || kill "$node" 2> /dev/null || true
  [ -z "$node" ] || wait "$node" 2> /dev/null || true
  rm -rf "$work"
}
trap end EXIT

# fetch ENGINE VERSION LOG4J
fetch() {
  local mode=-o
  [ -z "${CANDOR_SEARCH_ENGINES-}" ] || mode=-U
  timeout 300 mvn $mode -q -B -f "$here/pom.xml" -Dengine="$1" -Dengine.version="$2" \
    -Dlog4j.version="$3" dependency:copy-dependencies -DoutputDirectory="$work/$1" \
    > "$work/mvn.log" 2>&1 ||
    skip "Maven has no $1 $2 here; CANDOR_SEARCH_ENGINES=1 lets it fetch that"
}

# check ENGINE VERSION LOG4J PORT
check() {
  fetch "$1" "$2" "$3"
  mkdir -p "$work/home-$1/config"
  sed "s/@engine@/$1/g" "$here/RealNode.java.in" > "$work/RealNode.java"
  java -Xmx256m -XX:TieredStopAtLevel=1 -cp "$work/$1/*" "$work/RealNode.java" "$work/home-$1" "$4" "$(($4 + 1))" \
    > "$work/log" 2>&1 &
  node=$!
  for _ in $(seq 120); do
    curl -s -o "$work/answer" "http://127.0.0.1:$4/" && break
    sleep 0.5
  done
  "$candor" probe --search "http://127.0.0.1:$4" -o "$work/facts.json" || {
    tail -n 20 "$work/log"
    exit 1
  }
  if ! grep -q "\"vendor\": \"$1\"" "$work/facts.json" ||
    ! grep -q "\"version\": \"$2\"" "$work/facts.json"; then
    cat "$work/answer" "$work/facts.json"
    exit 1
  fi
  kill "$node"
  wait "$node" 2> /dev/null || true
  node=
  echo "$1 $2 is told"
}

port=$((20000 + RANDOM % 10000))
check elasticsearch 7.17.28 2.17.1 $port
check opensearch 2.19.1 2.21.0 $((port + 2))
