-- wrk script: every request is the purchase of another user, with a token made ahead; nothing but wrk's own counts, since a
-- look at each answer costs the generator more than it costs the server.
--   wrk -t1 -c256 -d5s -s loadtest/wrk/bench.lua URL -- TOKENS.tsv FIRST
-- TOKENS.tsv: lines of `./seckill token --count N`; it begins with the one of number FIRST, and anew after the last. Paths that
-- follow FIRST are asked in turn, instead of the URL's.
local requests, next_request = {}, 0

function init(args)
  local paths = {unpack(args, 3)}
  for line in io.lines(args[1]) do
    local token = line:match('\t(.+)$')
    local path = paths[#requests % math.max(#paths, 1) + 1]
    requests[#requests + 1] = wrk.format('POST', path, {['Authorization'] = 'Bearer ' .. token})
  end
  next_request = tonumber(args[2] or '0')
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

-- One line that a program reads.
function done(summary, latency, all_requests)
  local errors = summary.errors
  print(string.format('RESULT requests=%d not2xx=%d micros=%d p50=%d p90=%d p99=%d max=%d socket=%d timeout=%d',
    summary.requests, errors.status, summary.duration, latency:percentile(50), latency:percentile(90),
    latency:percentile(99), latency.max, errors.connect + errors.read + errors.write, errors.timeout))
end
