#!/usr/bin/env bash
# Accepted and confirmed orders a second, workers stopped: one gateway, one event loop, everything on this machine.
#   loadtest/wrk/accepted.sh [ROUNDS] [SECONDS]        needs wrk and curl; brings the stack up and takes it down again
# Each round is a sale of its own, bought by users who were never seen before; the first is the warm-up.
# STREAMS=5000 makes each round two, one after the other: without and with that many open event streams of its sale.
set -euo pipefail
rounds=${1:-5} seconds=${2:-10}
if [ "${STREAMS:-0}" -gt 0 ]; then
  ulimit -n $((STREAMS + 2000)) || { echo "cannot open $STREAMS files: raise ulimit -n" >&2; exit 1; }
fi
. "$(dirname "$0")/stack.sh"
echo "commit $(git rev-parse --short HEAD), $(nproc) cores, $(java -version 2>&1 | head -n 1), 256 connections, $seconds s a round"
# measure ROUND_NAME STREAMS: one sale, sold to wrk
measure() {
  sale=$(new_sale)
  echo "$1"
  if [ "$2" -gt 0 ]; then
    java -Xmx64m -XX:+UseSerialGC -cp 'local/target/lib/*' io.seckill.loadtest.StreamLoad \
      "$gateway/api/v1/sales/$sale/events" "$2" &
    streams_pid=$!
    sleep 5
  fi
  wrk -t1 -c256 -d"${seconds}s" -s loadtest/wrk/purchase.lua "$gateway/api/v1/sales/$sale/orders" -- "$file" \
    | grep -E 'second|p50'
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
