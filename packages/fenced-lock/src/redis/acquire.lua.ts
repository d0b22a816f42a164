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
 *
 * The common case is tried first, in as few commands as it takes: nobody has the lock, and the
 * clock is ahead of the counter. Texts of digits compare as their numbers do where they are of one
 * length, so that no number is made of them; what else there is goes by `nextFence`.
 */
export const acquireLua = `
local previous = redis.call('GET', KEYS[2]) or '0'
local time = redis.call('TIME')
local fence = string.format('%s%06d', time[1], time[2])
local refusal
if ARGV[4] or #previous ~= #fence or previous >= fence then
  local last = tonumber(previous)
  local highest = math.max(last or 0, time[1] * 1000000 + time[2] - 1, tonumber(ARGV[4] or 0))
  fence = string.format('%.0f', highest + 1)
  if not last then refusal = 'STORE_LAYOUT' end
  if last and highest >= 9007199254740991 then refusal = 'FENCE_EXHAUSTED' end
end
local lease = '1 ' .. ARGV[1] .. ' ' .. fence
if refusal or not redis.call('SET', KEYS[1], lease, 'PX', ARGV[2], 'NX') then
  local held = redis.call('GET', KEYS[1])
  if not held then return refusal end
  local layout, owner, granted, waiters = string.match(held, '^(%d+) (%S+) (%d+)(.*)$')
  if layout ~= '1' then return 'STORE_LAYOUT' end
  if owner == ARGV[1] then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return granted
  end
  if granted ~= '0' or owner ~= ARGV[3] then
    local waiter = ARGV[3] or ''
    if waiter ~= '' and not string.find(waiters .. ' ', ' ' .. waiter .. ' ', 1, true) then
      local _, count = string.gsub(waiters, ' ', ' ')
      if count < 128 then redis.call('SET', KEYS[1], held .. ' ' .. waiter, 'KEEPTTL') end
    end
    return -1 - redis.call('PTTL', KEYS[1])
  end
  if refusal then return refusal end
  redis.call('SET', KEYS[1], lease .. waiters, 'PX', ARGV[2])
end
redis.call('SET', KEYS[2], fence)
return fence`;
