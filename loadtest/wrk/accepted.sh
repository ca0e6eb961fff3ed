#!/usr/bin/env bash
# Accepted and confirmed orders a second, workers stopped: one gateway, one event loop, everything on this machine.
#   loadtest/wrk/accepted.sh [ROUNDS] [SECONDS]        needs wrk and curl; brings the stack up and takes it down again
# Each round is a sale of its own, bought by users who were never seen before; the first is the warm-up.
# STREAMS=5000 makes each round two, one after the other: without and with that many open event streams of its sale.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-5} seconds=${2:-10} tokens=${TOKENS:-600000}
# A home of its own, thrown away: hundreds of thousands of orders stay in the queue that no worker will store.
export SECKILL_PKG=${SECKILL_PKG:-${SECKILL_HOME:-$PWD/.seckill}/pkg}
home=$(mktemp -d)
export SECKILL_HOME=$home
file=$home/tokens.tsv
streams_pid=
trap '[ -z "$streams_pid" ] || kill "$streams_pid" 2>/dev/null; ./seckill down; rm -rf "$home"' EXIT
if [ "${STREAMS:-0}" -gt 0 ]; then
  ulimit -n $((STREAMS + 2000)) || { echo "cannot open $STREAMS files: raise ulimit -n" >&2; exit 1; }
fi
./seckill up --detach --gateways 1 --workers 1
. "$home/env"
kill "$(cat "$home/run/worker-1.pid")"
./seckill token --count "$tokens" >"$file"
admin=$(./seckill token --user bench --role admin)
echo "commit $(git rev-parse --short HEAD), $(nproc) cores, $(java -version 2>&1 | head -n 1), 256 connections, $seconds s a round"
# measure SALE_NAME STREAMS: one sale, sold to wrk
measure() {
  sale=$(curl -sf -X POST "${SECKILL_MANAGEMENT%% *}/admin/v1/sales" -H "Authorization: Bearer $admin" \
    -H 'Content-Type: application/json' -d '{"title":"Bench","stock":10000000,"price":{"amount":1,"currency":"CNY"},
    "endsAt":"2099-01-01T00:00:00Z"}' | sed 's/.*"id":"\([^"]*\)".*/\1/')
  sleep 1
  echo "$1"
  if [ "$2" -gt 0 ]; then
    java -Xmx64m -XX:+UseSerialGC -cp 'local/target/lib/*' io.seckill.loadtest.StreamLoad \
      "${SECKILL_GATEWAYS%% *}/api/v1/sales/$sale/events" "$2" &
    streams_pid=$!
    sleep 5
  fi
  wrk -t1 -c256 -d"${seconds}s" -s loadtest/wrk/purchase.lua \
    "${SECKILL_GATEWAYS%% *}/api/v1/sales/$sale/orders" -- "$file" | grep -E 'second|p50'
  if [ -n "$streams_pid" ]; then
    kill "$streams_pid"
    wait "$streams_pid" || true
    streams_pid=
  fi
}
for round in $(seq 0 "$rounds"); do
  measure "round $round$([ "$round" -gt 0 ] || echo ' (warm-up)')" 0
  if [ "${STREAMS:-0}" -gt 0 ]; then
    measure "round $round, $STREAMS streams" "$STREAMS"
  fi
done
