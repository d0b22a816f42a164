/**
 * Grants an attempt, or says why there is none: `claim` of core/record.ts.
 *
 * KEYS[1]  the record: `1 <state> <fence> <fingerprint> <rest>`, the first number being the layout.
 *          r, running: the rest is `<owner> <lease's end in epoch ms>`
 *          d, done: `<at, epoch ms> <kind> <text>`, kind being v, e or o (value, error, omitted)
 *          u, unknown: `<since, epoch ms>`
 *          It expires when it is forgotten.
 * ARGV[1]  the owner   ARGV[2]  the lease in ms
 * ARGV[3]  how long an abandoned attempt is kept, in ms
 * ARGV[4]  the fingerprint   ARGV[5]  1: an abandoned attempt is run again
 *
 * Replies the fence as text; -1 - ms while it is running; the record when it is done or unknown;
 * or MISMATCH or STORE_LAYOUT.
 */
export const claimLua = `
local record = redis.call('GET', KEYS[1])
local fence, owner, ends = 0
if record then
  local layout, state, last, fingerprint, rest =
    string.match(record, '^(%d+) (%a) (%d+) (%S*) (.*)$')
  if layout ~= '1' then return 'STORE_LAYOUT' end
  if fingerprint ~= ARGV[4] then return 'MISMATCH' end
  if state ~= 'r' then return record end
  fence = tonumber(last)
  owner, ends = string.match(rest, '^(%S+) (%d+)$')
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if owner ~= ARGV[1] then
  if ends and tonumber(ends) > now then return now - ends - 1 end
  if ends and ARGV[5] ~= '1' then
    record = '1 u ' .. string.format('%.0f', fence) .. ' ' .. ARGV[4] .. ' ' .. ends
    redis.call('SET', KEYS[1], record, 'KEEPTTL')
    return record
  end
  fence = math.max(fence + 1, time[1] * 1000000 + time[2])
end
local text = string.format('%.0f', fence)
redis.call('SET', KEYS[1],
  '1 r ' .. text .. ' ' .. ARGV[4] .. ' ' .. ARGV[1] .. ' ' .. string.format('%.0f', now + ARGV[2]),
  'PX', ARGV[2] + ARGV[3])
return text`;
