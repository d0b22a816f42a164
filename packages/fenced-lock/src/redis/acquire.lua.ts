/**
 * Grants the lock of a key, or says how long it is held: `claim` of core/slot.ts.
 *
 * KEYS[1]  the lease: `1 <owner> <fence>[ <waiter>]...`, the first number being the layout; a fence
 *          of 0 is an offer to the waiter named as its owner. It expires with the lease.
 * KEYS[2]  the namespace's counter: the last fence granted, without an end.
 * ARGV[1]  the owner   ARGV[2]  the lease in ms
 * ARGV[3]  the waiter, if it stands in line   ARGV[4]  the floor, if there is one
 *
 * Replies the fence as text, since clients round integers near 2^53; or -1 - ms while it is held;
 * or the code of an error as text.
 */
export const acquireLua = `
local held, previous = unpack(redis.call('MGET', KEYS[1], KEYS[2]))
local line = ''
if held then
  local layout, owner, fence, waiters = string.match(held, '^(%d+) (%S+) (%d+)(.*)$')
  if layout ~= '1' then return 'STORE_LAYOUT' end
  if owner == ARGV[1] then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return fence
  end
  if fence ~= '0' or owner ~= ARGV[3] then
    local waiter = ARGV[3] or ''
    if waiter ~= '' and not string.find(waiters .. ' ', ' ' .. waiter .. ' ', 1, true) then
      local _, count = string.gsub(waiters, ' ', ' ')
      if count < 128 then redis.call('SET', KEYS[1], held .. ' ' .. waiter, 'KEEPTTL') end
    end
    return -1 - redis.call('PTTL', KEYS[1])
  end
  line = waiters
end
previous = tonumber(previous or 0)
if not previous then return 'STORE_LAYOUT' end
local time = redis.call('TIME')
local highest = math.max(previous, time[1] * 1000000 + time[2] - 1, tonumber(ARGV[4] or 0))
if highest >= 9007199254740991 then return 'FENCE_EXHAUSTED' end
local fence = string.format('%.0f', highest + 1)
redis.call('SET', KEYS[2], fence)
redis.call('SET', KEYS[1], '1 ' .. ARGV[1] .. ' ' .. fence .. line, 'PX', ARGV[2])
return fence`;
