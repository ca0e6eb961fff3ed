-- wrk script: every request is the purchase of another user, with a token made ahead.
--   wrk -t1 -c256 -d15s -s loadtest/wrk/purchase.lua URL/api/v1/sales/SALE/orders -- TOKENS.tsv
-- TOKENS.tsv: lines of `./seckill token --count N`. Users are bought for in their order; when all had their turn it
-- begins anew, and what follows are retries. The end shows answers by status, never one sum.
local requests, next_request = {}, 0
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  for line in io.lines(args[1]) do
    local token = line:match('\t(.+)$')
    requests[#requests + 1] = wrk.format('POST', nil, {['Authorization'] = 'Bearer ' .. token})
  end
  accepted, replayed, refused, other = 0, 0, 0, 0
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

function response(status, headers, body)
  if headers['Idempotent-Replayed'] then
    status = status .. ' replayed'
  end
  if status == 202 then
    accepted = accepted + 1
  elseif status == '202 replayed' then
    replayed = replayed + 1
  elseif status == 409 then
    refused = refused + 1
  else
    other = other + 1
  end
end

function done(summary, latency, all_requests)
  local seconds = summary.duration / 1e6
  for _, thread in ipairs(threads) do
    for _, name in ipairs({'accepted', 'replayed', 'refused', 'other'}) do
      local count = thread:get(name)
      print(string.format('%-9s %9d   %9.0f a second', name, count, count / seconds))
    end
  end
  print(string.format('p50 %.1f ms, p99 %.1f ms', latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
