-- wrk script: buyers who do not take "overloaded" for an answer. Who is refused comes back when Retry-After says so, and IMPATIENT
-- of a hundred at once; everyone who is answered otherwise is followed by another buyer.
--   wrk -t1 -c4000 -d15s -s loadtest/wrk/storm.lua URL/api/v1/sales/SALE/orders -- TOKENS.tsv IMPATIENT
-- A connection is a buyer. Which connection asks for its pause cannot be told here: pauses are handed out in the order of the
-- refusals, which comes to the same.
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
  impatient = tonumber(args[2])
  accepted, replayed, shed, unknown, refused, other = 0, 0, 0, 0, 0, 0
  pauses, first, last = {}, 1, 0
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

function delay()
  if first > last then
    return 0
  end
  local pause = pauses[first]
  pauses[first] = nil
  first = first + 1
  return pause
end

function response(status, headers, body)
  local pause = 0
  if status == 202 then
    if headers['idempotent-replayed'] or headers['Idempotent-Replayed'] then
      replayed = replayed + 1
    else
      accepted = accepted + 1
    end
  elseif status == 503 then
    if body:find('outcome_unknown', 1, true) then
      unknown = unknown + 1
    else
      shed = shed + 1
    end
    if math.random(100) > impatient then
      pause = 1000 * tonumber(headers['retry-after'] or headers['Retry-After'] or '1')
    end
  elseif status == 409 then
    refused = refused + 1
  else
    other = other + 1
  end
  last = last + 1
  pauses[last] = pause
end

function done(summary, latency, all_requests)
  local seconds = summary.duration / 1e6
  for _, thread in ipairs(threads) do
    for _, name in ipairs({'accepted', 'replayed', 'shed', 'unknown', 'refused', 'other'}) do
      local count = thread:get(name)
      print(string.format('%-9s %9d   %9.0f a second', name, count, count / seconds))
    end
  end
  print(string.format('requests  %9d   %9.0f a second', summary.requests, summary.requests / seconds))
  print(string.format('errors    connect %d, read %d, write %d, timeout %d', summary.errors.connect, summary.errors.read,
    summary.errors.write, summary.errors.timeout))
  print(string.format('p50 %.1f ms, p99 %.1f ms', latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
