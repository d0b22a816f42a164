/**
 * The pure core once more, for Redis: looks at every limit at one instant, and takes from all or
 * from none. The names are those of `bucket.ts`.
 *
 * KEYS[i]  the level of limit i
 * ARGV[1]  a JSON array of integers: the cost (0 only looks, a negative one gives back), 1 to
 *          take or 0 to answer as if, then of each limit its capacity, units per token and units
 *          per millisecond. One argument, because each costs the client a tenth of a call.
 *
 * Reply: integers as text, parted by spaces: the instant in ms, 1 if allowed or 0, then of each
 * limit the tokens left, the ms until it is full, and the ms until it gives or −1 for never.
 * Or `layout n`, for a level of a layout that is newer than 1.
 *
 * A level is a string: one byte of layout (1), then little-endian doubles: units, the latest
 * instant seen, the lag, and the limit it was written under (capacity, units per token, units per
 * ms). Doubles hold integers up to 2^53 exactly, and `%.0f` prints them so; `tostring`, `..` and
 * cjson would keep 14 digits.
 *
 * Every level is read and judged before any is written, so an error half-way writes nothing.
 */
export const takeLua = `
local floor, ceil, min, max = math.floor, math.ceil, math.min, math.max
local time = redis.call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)
local input = cjson.decode(ARGV[1])
local cost, commit = input[1], input[2] == 1
local allowed, levels = true, {}

for i = 1, #KEYS do
  local capacity, perToken, perMs = input[3 * i], input[3 * i + 1], input[3 * i + 2]
  local full = capacity * perToken
  local units, at, lag = full, now, 0
  local found = redis.call('GET', KEYS[i])
  local units0, at0, lag0, capacity0, perToken0, perMs0, full0, _
  if found then
    if string.byte(found) ~= 1 then return 'layout ' .. (string.byte(found) or 0) end
    _, units0, at0, lag0, capacity0, perToken0, perMs0 = struct.unpack('<Bdddddd', found)
    full0 = capacity0 * perToken0
    units, at, lag = units0, at0, lag0
    if now > at then
      local gained = (now - at) * perMs0
      if gained < full0 - units then
        units = units + gained
      else
        if lag > 0 then lag = max(0, at + ceil((full0 - units) / perMs0) + lag - now) end
        units = full0
      end
      at = now
    end
    if capacity0 ~= capacity or perToken0 ~= perToken or perMs0 ~= perMs then
      local keepUntil = at + ceil((full0 - units) / perMs0) + lag
      if now >= keepUntil then
        units, at, lag = full, now, 0
      else
        units = min(floor(units / perToken0), capacity) * perToken
        lag = max(0, keepUntil + 1 - at - ceil((full - units) / perMs))
      end
    end
  end
  local tokens = floor(units / perToken)
  if tokens < cost then allowed = false end
  levels[i] = { capacity, perToken, perMs, full, units, at, lag, tokens,
                units0, at0, lag0, capacity0, perToken0, perMs0, full0 }
end

local reply = string.format('%.0f %d', now, allowed and 1 or 0)

if allowed and commit and cost ~= 0 then
  for i = 1, #KEYS do
    local capacity, perToken, perMs, full, units, at, lag = unpack(levels[i], 1, 7)
    local left = min(full, units - cost * perToken)
    local fullAt = at + ceil((full - left) / perMs)
    if fullAt + lag > now then
      local level = struct.pack('<Bdddddd', 1, left, at, lag, capacity, perToken, perMs)
      redis.call('SET', KEYS[i], level, 'PX', fullAt + lag - now)
    else
      redis.call('DEL', KEYS[i])
    end
    local reset = left == full and 0 or fullAt - now
    reply = reply .. string.format(' %.0f %.0f 0', floor(left / perToken), reset)
  end
  return reply
end

for i = 1, #KEYS do
  local capacity, perToken, perMs, full, units, at, lag, tokens,
    units0, at0, lag0, capacity0, perToken0, perMs0, full0 = unpack(levels[i], 1, 15)
  local function msUntil(wanted)
    if tokens >= wanted then return 0 end
    if wanted > capacity0 then return at0 + ceil((full0 - units0) / perMs0) + lag0 - now end
    return at0 + ceil((wanted * perToken0 - units0) / perMs0) - now
  end
  local retry = cost > capacity and -1 or msUntil(cost)
  reply = reply .. string.format(' %.0f %.0f %.0f', tokens, msUntil(capacity), retry)
end
return reply
`;
