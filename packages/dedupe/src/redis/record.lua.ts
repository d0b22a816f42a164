const read = `
local record = redis.call('GET', KEYS[1])
if not record then return -1 end
local layout, state, fence, fingerprint, rest =
  string.match(record, '^(%d+) (%a) (%d+) (%S*) (.*)$')
if layout ~= '1' then return 'STORE_LAYOUT' end`;

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/**
 * Keeps an attempt alive; never makes a record anew.
 *
 * KEYS[1]  the record   ARGV[1]  the fence   ARGV[2]  the lease in ms
 * ARGV[3]  how long an abandoned attempt is kept, in ms
 *
 * Replies 1 when renewed, 0 when the attempt is over or another's, -1 when there is none.
 */
export const renewLua = `${read}
if state ~= 'r' or fence ~= ARGV[1] then return 0 end
${now}
local owner = string.match(rest, '^%S+')
redis.call('SET', KEYS[1],
  '1 r ' .. fence .. ' ' .. fingerprint .. ' ' .. owner .. ' ' ..
  string.format('%.0f', now + ARGV[2]), 'PX', ARGV[2] + ARGV[3])
return 1`;

/**
 * Stores how an attempt ended, if the record is still that attempt's.
 *
 * KEYS[1]  the record   ARGV[1]  the fence   ARGV[2]  how long it is kept, in ms
 * ARGV[3]  the kind of outcome: v, e, o, or u for unknown   ARGV[4]  its text
 *
 * Replies 1 when it is stored (also by an earlier call), 0 when another attempt began, -1 when
 * there is no record.
 */
export const completeLua = `${read}
if fence ~= ARGV[1] then return 0 end
if state == 'd' then return 1 end
${now}
local head = fence .. ' ' .. fingerprint .. ' ' .. string.format('%.0f', now)
if ARGV[3] == 'u' then
  redis.call('SET', KEYS[1], '1 u ' .. head, 'PX', ARGV[2])
else
  redis.call('SET', KEYS[1], '1 d ' .. head .. ' ' .. ARGV[3] .. ' ' .. ARGV[4], 'PX', ARGV[2])
end
return 1`;

/**
 * Frees the key of an attempt that has done nothing.
 *
 * KEYS[1]  the record   ARGV[1]  the fence
 *
 * Replies 1 when released, 0 when the attempt is over or another's, -1 when there is none.
 */
export const releaseLua = `${read}
if state ~= 'r' or fence ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
return 1`;

/**
 * Reads a record, and how long it is kept.
 *
 * KEYS[1]  the record
 *
 * Replies the record and the time in ms at which it is forgotten; or -1.
 */
export const inspectLua = `${read}
${now}
return {record, string.format('%.0f', now + redis.call('PTTL', KEYS[1]))}`;

/**
 * Says of an attempt whose outcome nobody knows what was found out.
 *
 * KEYS[1]  the record   ARGV[1]  the kind: v, e, o, or n for not done   ARGV[2]  its text
 * ARGV[3]  how long it is kept, in ms
 *
 * Replies 1 when resolved, 0 when it is not unknown, -1 when there is none.
 */
export const resolveLua = `${read}
${now}
local ends = state == 'r' and tonumber(string.match(rest, ' (%d+)$')) or 0
if state == 'd' or ends > now then return 0 end
if ARGV[1] == 'n' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1],
    '1 d ' .. fence .. ' ' .. fingerprint .. ' ' .. string.format('%.0f', now) .. ' ' ..
    ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
end
return 1`;

/** Drops a record. KEYS[1]: the record. */
export const forgetLua = "return redis.call('DEL', KEYS[1])";
