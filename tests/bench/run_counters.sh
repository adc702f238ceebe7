#!/bin/sh
# Counting beside its peers. Usage: run_counters.sh BUILD_FOLDER
exec "$1/tests/bench/counters_bench"
