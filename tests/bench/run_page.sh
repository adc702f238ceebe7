#!/bin/sh
# The page in Chromium: its size, how soon a preview is shown, and how 30 MB scroll.
# Needs build/native (candor), `npm run build`, the page (npm run build -w @candor/webui), and Chromium.
# Usage: run_page.sh (ROUNDS=12 in the environment for another number of rounds)
set -eu
cd "$(dirname "$0")/../.."
[ -x /usr/bin/chromium ] || { echo "needs Debian's chromium" && exit 1; }
exec node tests/bench/page_bench.mjs build/native/native/cli/candor "${ROUNDS:-12}"
