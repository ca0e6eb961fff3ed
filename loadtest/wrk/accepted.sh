#!/usr/bin/env bash
# Accepted and confirmed orders a second, workers stopped: one gateway, one event loop, everything on this machine.
#   loadtest/wrk/accepted.sh [ROUNDS] [SECONDS]        needs wrk and curl; brings the stack up and takes it down again
# Each round is a sale of its own, bought by users who were never seen before; the first is the warm-up.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-5} seconds=${2:-10} tokens=${TOKENS:-600000}
# A home of its own, thrown away: hundreds of thousands of orders stay in the queue that no worker will store.
export SECKILL_PKG=${SECKILL_PKG:-${SECKILL_HOME:-$PWD/.seckill}/pkg}
home=$(mktemp -d)
export SECKILL_HOME=$home
file=$home/tokens.tsv
trap './seckill down; rm -rf "$home"' EXIT
./seckill up --detach --gateways 1 --workers 1
. "$home/env"
kill "$(cat "$home/run/worker-1.pid")"
./seckill token --count "$tokens" >"$file"
admin=$(./seckill token --user bench --role admin)
echo "commit $(git rev-parse --short HEAD), $(nproc) cores, $(java -version 2>&1 | head -n 1), 256 connections, $seconds s a round"
for round in $(seq 0 "$rounds"); do
  sale=$(curl -sf -X POST "${SECKILL_MANAGEMENT%% *}/admin/v1/sales" -H "Authorization: Bearer $admin" \
    -H 'Content-Type: application/json' -d '{"title":"Bench","stock":10000000,"price":{"amount":1,"currency":"CNY"},
    "endsAt":"2099-01-01T00:00:00Z"}' | sed 's/.*"id":"\([^"]*\)".*/\1/')
  sleep 1
  echo "round $round$([ "$round" -gt 0 ] || echo ' (warm-up)')"
  wrk -t1 -c256 -d"${seconds}s" -s loadtest/wrk/purchase.lua \
    "${SECKILL_GATEWAYS%% *}/api/v1/sales/$sale/orders" -- "$file" | grep -E 'second|p50'
done
