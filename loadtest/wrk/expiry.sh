#!/usr/bin/env bash
# How promptly unpaid orders expire: one sale is sold out by wrk within a second or so, nobody pays.
#   loadtest/wrk/expiry.sh [ORDERS] [WINDOW_SECONDS] [ROUNDS]   needs wrk and curl; brings a stack up and takes it down
set -euo pipefail
cd "$(dirname "$0")/../.."
orders=${1:-10000} window=${2:-5} rounds=${3:-3}
export SECKILL_PKG=${SECKILL_PKG:-${SECKILL_HOME:-$PWD/.seckill}/pkg}
home=$(mktemp -d)
export SECKILL_HOME=$home
trap './seckill down; rm -rf "$home"' EXIT
./seckill up --detach --gateways 1 --workers "${WORKERS:-2}"
set -a
. "$home/env"
set +a
./seckill token --count $((orders + 1000)) >"$home/tokens.tsv"
admin=$(./seckill token --user bench --role admin)
echo "commit $(git rev-parse --short HEAD), $(nproc) cores, $(java -version 2>&1 | head -n 1), ${WORKERS:-2} workers"
for round in $(seq 0 "$rounds"); do
  sale=$(curl -sf -X POST "${SECKILL_MANAGEMENT%% *}/admin/v1/sales" -H "Authorization: Bearer $admin" \
    -H 'Content-Type: application/json' -d '{"title":"Expiry","stock":'"$orders"',"paymentWindowSeconds":'"$window"',
    "price":{"amount":1,"currency":"CNY"},"endsAt":"2099-01-01T00:00:00Z"}' | sed 's/.*"id":"\([^"]*\)".*/\1/')
  sleep 1
  echo "round $round$([ "$round" -gt 0 ] || echo ' (warm-up)')"
  wrk -t1 -c128 -d2s -s loadtest/wrk/purchase.lua \
    "${SECKILL_GATEWAYS%% *}/api/v1/sales/$sale/orders" -- "$home/tokens.tsv" | grep -E 'second'
  java -cp 'local/target/lib/*' io.seckill.loadtest.ExpiryLag "$sale"
done
for worker in $(seq "${WORKERS:-2}"); do
  curl -s "http://127.0.0.1:$((${SECKILL_WORKER_MANAGEMENT_PORT:-9180} + worker - 1))/metrics" |
    grep -E '^seckill_worker_orders_(expired|swept)_total'
done
