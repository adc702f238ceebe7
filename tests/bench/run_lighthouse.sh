#!/usr/bin/env bash
# What Lighthouse says about the page; it is fetched when it is first asked for.
# Needs build/native (candor, test_receiver) and chromium.
set -euo pipefail
cd "$(dirname "$0")/../webui/lighthouse"
if [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --silent
fi
exec node measure.mjs
