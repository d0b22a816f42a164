/**
 * The pure core's `settle` and `drain` once more, for Redis: looks at every limit at one instant,
 * and takes from all or from none. What the answer says of the levels is reckoned by the core.
 *
 * KEYS[i]  the level of limit i
 * ARGV[1]  a JSON array of integers: the cost (0 only looks, a negative one gives back), 1 to
 *          take or 0 to look, then of each limit its capacity, units per token and units per
 *          millisecond. One argument, because each costs the client a tenth of a call.
 *
 * Reply: words parted by spaces. When taken, the two words of TIME (seconds, microseconds), then of
 * each limit the units left, and by how many ms the latest instant seen is ahead of now. Else
 * `looked` or `refused`, the two words of TIME, then of each limit the six numbers of its level
 * as it was found, or `-`; or `layout` and a number, for a level of another layout than 1.
 *
 * A level is a string: one byte of layout (1), then little-endian doubles: units, the latest
 * instant seen, the lag, and the limit it was written under (capacity, units per token, units per
 * ms). Doubles hold integers up to 2^53 exactly, and `%d` prints them so (a C long: 64 bits, as the
 * Redis that runs it); `tostring`, `..` and cjson would keep 14 digits.
 *
 * Every level is read and judged before any is written, so an error half-way writes nothing.
 */
export const takeLua = `
local floor, ceil, min, max, format = math.floor, math.ceil, math.min, math.max, string.format
local time = redis.call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)
local input = cjson.decode(ARGV[1])
local cost, count = input[1], #KEYS
local allowed, found, left = true, {}, {}
local units, at, lag, capacity, perToken, perMs

for i = 1, count do
  local capacity1, perToken1, perMs1 = input[3 * i], input[3 * i + 1], input[3 * i + 2]
  local full1 = capacity1 * perToken1
  local level = redis.call('GET', KEYS[i])
  if level then
    local layout = string.byte(level)
    if layout ~= 1 then return 'layout ' .. (layout or 0) end
    layout, units, at, lag, capacity, perToken, perMs = struct.unpack('<Bdddddd', level)
    if now > at then
      local missing, gained = capacity * perToken - units, (now - at) * perMs
      if gained < missing then
        units = units + gained
      else
        if lag > 0 then lag = max(0, at + ceil(missing / perMs) + lag - now) end
        units = units + missing
      end
      at = now
    end
    if capacity ~= capacity1 or perToken ~= perToken1 or perMs ~= perMs1 then
      local keepUntil = at + ceil((capacity * perToken - units) / perMs) + lag
      if now >= keepUntil then
        units, at, lag = full1, now, 0
      else
        units = min(floor(units / perToken), capacity1) * perToken1
        lag = max(0, keepUntil + 1 - at - ceil((full1 - units) / perMs1))
      end
    end
  else
    units, at, lag = full1, now, 0
  end
  if units < cost * perToken1 then allowed = false end
  units = min(full1, units - cost * perToken1)
  capacity, perToken, perMs = capacity1, perToken1, perMs1
  found[i] = level
  if count > 1 then left[i] = { units, at, lag, capacity, perToken, perMs } end
end

local reply = time[1] .. ' ' .. time[2]

if allowed and input[2] == 1 and cost ~= 0 then
  for i = 1, count do
    if count > 1 then units, at, lag, capacity, perToken, perMs = unpack(left[i]) end
    local ttl = at + ceil((capacity * perToken - units) / perMs) + lag - now
    if ttl > 0 then
      local level = struct.pack('<Bdddddd', 1, units, at, lag, capacity, perToken, perMs)
      redis.call('PSETEX', KEYS[i], ttl, level)
    else
      redis.call('DEL', KEYS[i])
    end
    reply = reply .. format(' %d', units) .. (at == now and ' 0' or format(' %d', at - now))
  end
  return reply
end

reply = (allowed and 'looked ' or 'refused ') .. reply
for i = 1, count do
  if found[i] then
    local _, units0, at0, lag0, capacity0, perToken0, perMs0 = struct.unpack('<Bdddddd', found[i])
    reply = reply .. format(' %d %d %d %d %d %d', units0, at0, lag0, capacity0, perToken0, perMs0)
  else
    reply = reply .. ' -'
  end
end
return reply
`;
