#!lua name=seckill_1_@VERSION@

-- Step 2 of a purchase: the one place where a unit of stock is decided. Everything of one sale lives under one hash
-- tag, so each call is one atomic step on one node.
--
--   KEYS[1] sale    hash    epoch version phase starts ends max stock remaining seq window releases holders fence
--                           (times: ms since 1970; holders: how many entries buyers has; fence: see below)
--   KEYS[2] buyers  hash    user -> flag:attempt:quantity:epoch:seq:created[:released]     flag a = active, r = released
--   KEYS[3] outbox  zset    lot id (epoch:seq) scored by the instant when a relay may publish it
--   KEYS[4] lots    hash    lot id -> the accepted orders of one call, as text (see Lot.java)
--
-- A lot is what one call of seckill_reserve accepted. It stays in the outbox until a gateway saw RabbitMQ confirm it.
-- `seq` numbers the calls that moved units, either way; an entry's `seq` is that of the call that took its units, its
-- `released` that of the call that gave back the units of the user's last order that ended unpaid.

-- The volatile fence. A Lua local is never persisted and never replicated: after a restart, a failover or a reload of
-- this library no sale is armed, and every reserve answers FENCED until the sale was rebuilt from the ledger.
local armed = {}

-- Which rebuild holds a sale, by its epoch: as volatile as the fence, so a rebuild that lost Redis under its hands, or
-- was overtaken by a newer one, can write and arm nothing any more.
local rebuilding = {}

-- Two versions of this library may be at work at once, while services are upgraded one after the other; each is a library
-- of its own, with locals of its own, over the same keys. What one must know of the other is in `sale`: `fence`, the
-- epoch of a rebuild that has begun and written nothing yet, takes the sale off sale in all of them; the permission to
-- sell goes from one to the other by `vouch` and `adopt`. The 1 in the name is the version of what the keys mean: only
-- libraries that agree on it adopt from each other.

local CHANGES = 'seckill:changes'

local NOT_STARTED, ENDED, PAUSED, LIMIT, SOLD_OUT = -1, -2, -3, -4, -5

local function now_ms()
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end

local function text(n)
  return string.format('%.0f', n)
end

local function trim_lots(keys, args, first, last)
  if last < first then
    return 0
  end
  redis.call('HDEL', keys[4], unpack(args, first, last))
  return redis.call('ZREM', keys[3], unpack(args, first, last))
end

-- Why a user without an active order gets nothing, or nil where stock may decide.
local function refusal(sale, now, quantity)
  if sale.phase == 'ended' or now >= sale.ends then
    return ENDED
  elseif sale.phase == 'paused' then
    return PAUSED
  elseif now < sale.starts then
    return NOT_STARTED
  elseif quantity > sale.max then
    return LIMIT
  end
  return nil
end

local function read_sale(key)
  local v = redis.call('HMGET', key, 'epoch', 'phase', 'starts', 'ends', 'max', 'remaining', 'seq', 'window', 'stock',
    'version', 'releases', 'holders', 'fence')
  if not v[1] then
    return nil
  end
  return {
    epoch = v[1], phase = v[2], starts = tonumber(v[3]), ends = tonumber(v[4]), max = tonumber(v[5]),
    remaining = tonumber(v[6]), seq = tonumber(v[7]), window = v[8], stock = tonumber(v[9]),
    version = tonumber(v[10] or '1'), releases = tonumber(v[11] or '0'), holders = tonumber(v[12] or '0'),
    fence = v[13]
  }
end

-- Whether the sale may be sold from: armed since this Redis started, no rebuild begun, and none of its keys lost, in part
-- or as a whole, by hand or by eviction. All in constant time.
local function is_armed(keys, sale)
  return armed[keys[1]] == sale.epoch and not sale.fence and redis.call('HLEN', keys[2]) == sale.holders
    and redis.call('ZCARD', keys[3]) == redis.call('HLEN', keys[4])
end

-- A buyer's entry in its parts; `released` is '' as long as nothing of this user ever came back.
local function read_entry(entry)
  local flag, attempt, quantity, lot, created, released =
    string.match(entry, '^(%a):(%d+):(%d+):(%d+:%d+):(%d+):?(%d*)$')
  return {
    flag = flag, attempt = tonumber(attempt), quantity = tonumber(quantity), lot = lot, created = created,
    released = released
  }
end

-- Whether the lot that accepted a returning buyer still waits for its confirm: one ZMSCORE for the whole batch.
local function mark_unconfirmed(outbox, results, lots, at)
  if #lots == 0 then
    return
  end
  local due = redis.call('ZMSCORE', outbox, unpack(lots))
  for i = 1, #lots do
    results[at[i]] = results[at[i]] .. (due[i] and ':1' or ':0')
  end
end

-- reserve: compare (fence, epoch, buyer, window, limit, stock), then set (stock, buyers, outbox).
--   ARGV: epoch, lease ms, number of lots to trim, those lots, then user and quantity of each purchase
--   => {'FENCED' | 'ABSENT' | 'STALE'} or {'OK', now, epoch, remaining, seq, window, result of each purchase}
--   a result: attempt > 0 = accepted; < 0 = refused; text = the user's active order, as in buyers, and :1 if it is
--   unconfirmed yet.
-- One read of all buyers, one write of all winners, whatever the size. Every check comes before the first write,
-- since Redis does not undo the writes of a script that fails.
local function reserve(keys, args)
  local now = now_ms()
  local sale = read_sale(keys[1])
  if not sale then
    return {'ABSENT'}
  elseif not is_armed(keys, sale) then
    return {'FENCED'}
  elseif args[1] ~= sale.epoch then
    return {'STALE', sale.epoch}
  end

  local trims = tonumber(args[3])
  trim_lots(keys, args, 4, 3 + trims)
  local first = 4 + trims
  if #args < first then
    return {'OK', now, sale.epoch, sale.remaining, sale.seq, sale.window}
  end

  local users, quantities = {}, {}
  for i = first, #args, 2 do
    local n = #users + 1
    users[n], quantities[n] = args[i], tonumber(args[i + 1])
    if quantities[n] < 1 then
      return redis.error_reply('CORRUPT quantity below one')
    end
  end
  local held = redis.call('HMGET', keys[2], unpack(users))

  local seq = sale.seq + 1
  local lot = sale.epoch .. ':' .. text(seq)
  local tail = ':' .. lot .. ':' .. text(now)
  local remaining, newcomers = sale.remaining, 0
  local reply = {'OK', now, sale.epoch, 0, 0, sale.window}
  local granted, winners, payload = {}, {}, {sale.epoch, text(seq), text(now), sale.window}
  local asked_lots, asked_at = {}, {}

  -- Numbers that are asked for as text stay the text they came as: making text of a number is what costs most here.
  for i = 1, #users do
    local user, quantity, quantity_text = users[i], quantities[i], args[first + 2 * i - 1]
    local entry = granted[user] or held[i]
    local flag, attempt, attempt_text, held_lot, back = nil, 1, '1', nil, ''
    if entry then
      local before = read_entry(entry)
      flag, attempt, held_lot = before.flag, before.attempt + 1, before.lot
      attempt_text = text(attempt)
      if before.released ~= '' then
        back = ':' .. before.released
      end
    end
    local at = #reply + 1
    if flag == 'a' then
      reply[at] = entry
      if granted[user] then
        reply[at] = entry .. ':1'
      else
        asked_lots[#asked_lots + 1], asked_at[#asked_at + 1] = held_lot, at
      end
    else
      local refused = refusal(sale, now, quantity)
      if refused then
        reply[at] = refused
      elseif quantity > remaining then
        reply[at] = SOLD_OUT
      else
        remaining = remaining - quantity
        newcomers = newcomers + (entry and 0 or 1)
        local value = 'a:' .. attempt_text .. ':' .. quantity_text .. tail .. back
        granted[user] = value
        winners[#winners + 1], winners[#winners + 2] = user, value
        payload[#payload + 1] = user .. ' ' .. quantity_text .. ' ' .. attempt_text
        reply[at] = attempt
      end
    end
  end
  mark_unconfirmed(keys[3], reply, asked_lots, asked_at)

  if #winners > 0 then
    if remaining < 0 or redis.call('ZSCORE', keys[3], lot) or redis.call('HEXISTS', keys[4], lot) == 1 then
      return redis.error_reply('CORRUPT lot ' .. lot .. ' exists or stock is below zero')
    end
    redis.call('HSET', keys[1], 'remaining', text(remaining), 'seq', text(seq), 'holders',
      text(sale.holders + newcomers))
    redis.call('HSET', keys[2], unpack(winners))
    redis.call('HSET', keys[4], lot, table.concat(payload, ' '))
    redis.call('ZADD', keys[3], text(now + tonumber(args[2])), lot)
    if remaining == 0 then
      redis.call('PUBLISH', CHANGES, keys[1])
    end
  else
    seq = sale.seq
  end
  reply[4], reply[5] = remaining, seq
  return reply
end

-- release: gives back the units of orders that ended unpaid, those of each order once: the entry remembers that its
-- units are back, and a later attempt that those of the ones before it are.
--   ARGV: epoch, then user and attempt of each order
--   => {'FENCED' | 'ABSENT' | 'STALE'} or {'OK', then of each order the seq of the call that gave its units back: this
--   one's or an earlier one's, 0 if that is not known any more, -1 if no such order was ever accepted here}
local function release(keys, args)
  local sale = read_sale(keys[1])
  if not sale then
    return {'ABSENT'}
  elseif not is_armed(keys, sale) then
    return {'FENCED'}
  elseif args[1] ~= sale.epoch then
    return {'STALE', sale.epoch}
  elseif #args < 2 then
    return {'OK'}
  end
  local users = {}
  for i = 2, #args, 2 do
    users[#users + 1] = args[i]
  end
  local held = redis.call('HMGET', keys[2], unpack(users))
  local seq = text(sale.seq + 1)
  local reply, written, units = {'OK'}, {}, 0
  local now_released = {}
  for i = 1, #users do
    local user, attempt = users[i], tonumber(args[2 * i + 1])
    local entry = now_released[user] or (held[i] and read_entry(held[i]))
    if not entry or entry.attempt < attempt then
      reply[#reply + 1] = -1
    elseif entry.attempt > attempt + 1 then
      reply[#reply + 1] = 0
    elseif entry.attempt > attempt or entry.flag == 'r' then
      reply[#reply + 1] = tonumber(entry.released) or 0
    else
      entry.flag, entry.released = 'r', seq
      now_released[user] = entry
      units = units + entry.quantity
      written[#written + 1] = user
      written[#written + 1] = table.concat(
        {'r', entry.attempt, entry.quantity, entry.lot, entry.created, seq}, ':')
      reply[#reply + 1] = tonumber(seq)
    end
  end
  if units > 0 then
    local remaining = sale.remaining + units
    if remaining > sale.stock then
      return redis.error_reply('CORRUPT more units would come back than the stock has')
    end
    redis.call('HSET', keys[1], 'remaining', text(remaining), 'seq', seq, 'releases', text(sale.releases + 1))
    redis.call('HSET', keys[2], unpack(written))
    redis.call('PUBLISH', CHANGES, keys[1])
  end
  return reply
end

-- update: brings what the operator changed in the ledger here. Newer versions win, so a late or repeated call is harmless.
--   ARGV: epoch, version, phase, starts, ends, max, stock
--   => ABSENT | FENCED | STALE | UPDATED | CURRENT (this version or a newer one is here)
local function update(keys, args)
  local sale = read_sale(keys[1])
  if not sale then
    return 'ABSENT'
  elseif not is_armed(keys, sale) then
    return 'FENCED'
  elseif args[1] ~= sale.epoch then
    return 'STALE'
  elseif tonumber(args[2]) <= sale.version then
    return 'CURRENT'
  end
  local stock = tonumber(args[7])
  if stock < sale.stock then
    return redis.error_reply('CORRUPT a stock never shrinks')
  end
  redis.call('HSET', keys[1], 'version', args[2], 'phase', args[3], 'starts', args[4], 'ends', args[5], 'max', args[6],
    'stock', args[7], 'remaining', text(sale.remaining + stock - sale.stock))
  redis.call('PUBLISH', CHANGES, keys[1])
  return 'UPDATED'
end

-- load: puts a new sale on sale, once. Whoever comes second changes nothing.
--   ARGV: epoch, stock, starts, ends, max, window, version
--   => LOADED | EXISTS | LEFTOVER (keys of an unknown past: never overwritten)
-- The caller holds the row lock of a sale whose phase is `loading`, so no purchase was ever allowed: a sale that is
-- there, untouched and not armed (Redis restarted in between) may be armed.
local function load(keys, args)
  if rebuilding[keys[1]] or redis.call('HEXISTS', keys[1], 'fence') == 1 then
    return 'LEFTOVER'
  end
  local sale = read_sale(keys[1])
  if sale then
    if sale.epoch == args[1] and sale.seq == 0 and armed[keys[1]] == nil then
      armed[keys[1]] = sale.epoch
      redis.call('PUBLISH', CHANGES, keys[1])
    end
    return 'EXISTS'
  end
  if redis.call('EXISTS', keys[2], keys[3], keys[4]) > 0 then
    return 'LEFTOVER'
  end
  redis.call('HSET', keys[1], 'epoch', args[1], 'phase', 'selling', 'stock', args[2], 'remaining', args[2], 'seq', '0',
    'holders', '0', 'starts', args[3], 'ends', args[4], 'max', args[5], 'window', args[6], 'version', args[7])
  armed[keys[1]] = args[1]
  redis.call('PUBLISH', CHANGES, keys[1])
  return 'LOADED'
end

-- fence: takes a sale off sale for the rebuild of this epoch, whatever of it is here. Nothing is reserved from now on
-- until that rebuild, or a newer one, arms the sale.
--   ARGV: epoch    => FENCED | STALE (a newer rebuild was here)
local function fence(keys, args)
  local key, epoch = keys[1], tonumber(args[1])
  local there = redis.call('HMGET', key, 'epoch', 'fence')
  local newest = math.max(rebuilding[key] or 0, tonumber(there[2] or '0'))
  local sold_from = math.max(tonumber(armed[key] or '0'), tonumber(there[1] or '0'))
  if newest > epoch or sold_from >= epoch then
    return 'STALE'
  end
  armed[key], rebuilding[key] = nil, epoch
  redis.call('HSET', key, 'fence', args[1])
  return 'FENCED'
end

-- survivors: lots that no confirm trimmed, as far as they are still here.
--   ARGV: cursor, page size    => next cursor ('0' = done), then payload of each
local function survivors(keys, args)
  local page = redis.call('HSCAN', keys[4], args[1], 'COUNT', args[2])
  local reply = {page[1]}
  for i = 2, #page[2], 2 do
    reply[#reply + 1] = page[2][i]
  end
  return reply
end

-- rebuild: throws away what is left of a sale and begins it anew from the ledger, not armed.
--   ARGV: epoch, version, phase, starts, ends, max, window, stock, remaining, seq, releases    => REBUILT | STALE
local function rebuild(keys, args)
  if rebuilding[keys[1]] ~= tonumber(args[1]) or redis.call('HGET', keys[1], 'fence') ~= args[1] then
    return 'STALE'
  end
  redis.call('UNLINK', keys[1], keys[2], keys[3], keys[4])
  redis.call('HSET', keys[1], 'epoch', args[1], 'version', args[2], 'phase', args[3], 'starts', args[4], 'ends', args[5],
    'max', args[6], 'window', args[7], 'stock', args[8], 'remaining', args[9], 'seq', args[10], 'releases', args[11],
    'holders', '0')
  return 'REBUILT'
end

local function is_rebuilding(keys, epoch)
  local there = redis.call('HMGET', keys[1], 'epoch', 'fence')
  return rebuilding[keys[1]] == tonumber(epoch) and there[1] == epoch and not there[2]
end

-- restore: entries of buyers, a later one of the same user in the place of an earlier one.
--   ARGV: epoch, user, entry, user, entry, ...    => how many users were new, or STALE
local function restore(keys, args)
  if not is_rebuilding(keys, args[1]) then
    return 'STALE'
  end
  return redis.call('HSET', keys[2], unpack(args, 2))
end

-- arm: the last step of a rebuild. From here the sale is on sale.
--   ARGV: epoch, how many buyers were restored    => ARMED | STALE | INCOMPLETE
local function arm(keys, args)
  if not is_rebuilding(keys, args[1]) then
    return 'STALE'
  elseif redis.call('HLEN', keys[2]) ~= tonumber(args[2]) or redis.call('EXISTS', keys[3], keys[4]) > 0 then
    return 'INCOMPLETE'
  end
  redis.call('HSET', keys[1], 'holders', args[2])
  armed[keys[1]], rebuilding[keys[1]] = args[1], nil
  redis.call('PUBLISH', CHANGES, keys[1])
  return 'ARMED'
end

-- vouch, then adopt of another version of this library, in one MULTI: the sale may be sold from by that version too. A
-- voucher that is found later, after a restart or in a copy of the keys, is worth nothing: nobody knows it any more.
--   ARGV: a voucher that was never used before    => VOUCHED | FENCED | ABSENT
local function vouch(keys, args)
  local sale = read_sale(keys[1])
  if not sale then
    return 'ABSENT'
  elseif not is_armed(keys, sale) then
    return 'FENCED'
  end
  redis.call('HSET', keys[1], 'voucher', args[1])
  return 'VOUCHED'
end

--   ARGV: the voucher    => ADOPTED | REFUSED
local function adopt(keys, args)
  local there = redis.call('HMGET', keys[1], 'epoch', 'voucher')
  if not there[1] or there[2] ~= args[1] then
    return 'REFUSED'
  end
  redis.call('HDEL', keys[1], 'voucher')
  armed[keys[1]], rebuilding[keys[1]] = there[1], nil
  redis.call('PUBLISH', CHANGES, keys[1])
  return 'ADOPTED'
end

-- status: what a gateway needs to know of a sale several times a second.
--   => {now, armed 0|1, epoch, phase, remaining, seq, lots in the outbox, of these overdue, version, stock, releases}, or
--   {now} if it is absent
local function status(keys)
  local now = now_ms()
  local sale = read_sale(keys[1])
  if not sale then
    return {now}
  end
  return {
    now, is_armed(keys, sale) and 1 or 0, sale.epoch, sale.phase, sale.remaining, sale.seq,
    redis.call('ZCARD', keys[3]), redis.call('ZCOUNT', keys[3], '-inf', text(now)), sale.version, sale.stock,
    sale.releases
  }
end

-- claim: leases overdue lots to one relay; until the lease ends no other relay gets them.
--   ARGV: lease ms, at most this many lots    => payload of each
local function claim(keys, args)
  local now = now_ms()
  local ids = redis.call('ZRANGEBYSCORE', keys[3], '-inf', text(now), 'LIMIT', 0, args[2])
  local payloads = {}
  for _, id in ipairs(ids) do
    local payload = redis.call('HGET', keys[4], id)
    if payload then
      redis.call('ZADD', keys[3], 'XX', text(now + tonumber(args[1])), id)
      payloads[#payloads + 1] = payload
    end
  end
  return payloads
end

-- trim: ARGV: lots that RabbitMQ confirmed.    => how many were there
local function trim(keys, args)
  return trim_lots(keys, args, 1, #args)
end

-- find: ARGV: user.    => the entry in buyers, or nil
local function find(keys, args)
  return redis.call('HGET', keys[2], args[1])
end

-- entries: ARGV: users.    => the entry in buyers of each, or nil
local function entries(keys, args)
  return redis.call('HMGET', keys[2], unpack(args))
end

-- scan: ARGV: cursor, page size    => next cursor ('0' = done), then user, entry, user, entry, ...
local function scan(keys, args)
  local page = redis.call('HSCAN', keys[2], args[1], 'COUNT', args[2])
  table.insert(page[2], 1, page[1])
  return page[2]
end

-- outbox: the ids of all lots that no confirm trimmed.
local function outbox(keys)
  return redis.call('ZRANGE', keys[3], 0, -1)
end

local function register(name, callback, flags)
  redis.register_function{function_name = 'seckill_' .. name .. '_@VERSION@', callback = callback, flags = flags or {}}
end

local READ_ONLY = {'no-writes'}

register('reserve', reserve)
register('release', release)
register('update', update)
register('load', load)
register('fence', fence)
register('rebuild', rebuild)
register('restore', restore)
register('arm', arm)
register('vouch', vouch)
register('adopt', adopt)
register('claim', claim)
register('trim', trim)
register('status', status, READ_ONLY)
register('find', find, READ_ONLY)
register('entries', entries, READ_ONLY)
register('scan', scan, READ_ONLY)
register('survivors', survivors, READ_ONLY)
register('outbox', outbox, READ_ONLY)
