# Sourced by the scripts beside it: a stack of their own, with one gateway and no worker, and tokens for its buyers.
# It sets home, file (of tokens) and admin, and takes the stack down at the end.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tokens=${TOKENS:-600000}
# A home of its own, thrown away: hundreds of thousands of orders stay in the queue that no worker will store.
export SECKILL_PKG=${SECKILL_PKG:-${SECKILL_HOME:-$PWD/.seckill}/pkg}
home=$(mktemp -d)
export SECKILL_HOME=$home
file=$home/tokens.tsv
streams_pid=
trap '[ -z "$streams_pid" ] || kill "$streams_pid" 2>/dev/null; ./seckill down; rm -rf "$home"' EXIT
./seckill up --detach --gateways 1 --workers 1
. "$home/env"
kill "$(cat "$home/run/worker-1.pid")"
./seckill token --count "$tokens" >"$file"
admin=$(./seckill token --user bench --role admin)
gateway=${SECKILL_GATEWAYS%% *}

# new_sale: prints the id of one that is open and will not sell out
new_sale() {
  curl -sf -X POST "${SECKILL_MANAGEMENT%% *}/admin/v1/sales" -H "Authorization: Bearer $admin" \
    -H 'Content-Type: application/json' -d '{"title":"Bench","stock":10000000,"price":{"amount":1,"currency":"CNY"},
    "endsAt":"2099-01-01T00:00:00Z"}' | sed 's/.*"id":"\([^"]*\)".*/\1/'
  sleep 1
}
