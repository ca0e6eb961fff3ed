#!/usr/bin/env bash
# A storm of buyers who are refused and come back: how much of its capacity does a gateway still sell?
#   loadtest/wrk/storm.sh [ROUNDS] [SECONDS]        needs wrk and curl; brings the stack up and takes it down again
# Each round finds the capacity (256 buyers, one after the other) and then lets BUYERS (4000) loose, IMPATIENT (20) of a hundred
# of whom do not wait as they are told. The tenfold of what a gateway can do is more than a generator on the same cores can
# offer; SECKILL_BATCH_MAX_ORDERS=8 makes RabbitMQ's confirms the limit, and tenfold possible.
set -euo pipefail
rounds=${1:-3} seconds=${2:-10} buyers=${BUYERS:-4000} impatient=${IMPATIENT:-20}
ulimit -n $((buyers + 2000)) || { echo "cannot open $buyers connections: raise ulimit -n" >&2; exit 1; }
. "$(dirname "$0")/stack.sh"
echo "commit $(git rev-parse --short HEAD), $(nproc) cores, $(java -version 2>&1 | head -n 1), $buyers buyers, $impatient % impatient," \
  "$seconds s a round, SECKILL_BATCH_MAX_ORDERS=${SECKILL_BATCH_MAX_ORDERS:-256}"
# a_second NAME: the rate in a line of wrk's script
a_second() {
  awk -v name="$1" '$1 == name { print $3 }'
}
for round in $(seq 0 "$rounds"); do
  echo "round $round$([ "$round" -gt 0 ] || echo ' (warm-up)')"
  capacity=$(wrk -t1 -c256 -d"${seconds}s" -s loadtest/wrk/purchase.lua "$gateway/api/v1/sales/$(new_sale)/orders" -- "$file" \
    | a_second accepted)
  storm=$(wrk -t1 -c"$buyers" -d"${seconds}s" --timeout 5s -s loadtest/wrk/storm.lua \
    "$gateway/api/v1/sales/$(new_sale)/orders" -- "$file" "$impatient")
  echo "$storm" | grep -E 'second|p50|errors'
  awk -v c="$capacity" -v o="$(echo "$storm" | a_second requests)" -v g="$(echo "$storm" | a_second accepted)" 'BEGIN {
    printf "capacity %d a second, offered %.1f times as much, goodput %.2f\n", c, o / c, g / c }'
done
