#!/bin/sh
# Report writing beside its peers. Usage: run_writer.sh BUILD_FOLDER
exec "$1/tests/bench/writer_bench"
