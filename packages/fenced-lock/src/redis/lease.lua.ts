import { passOnLua } from './pass-on.lua.js';

/** A lease that begins otherwise is another's, or of a layout that this version cannot read. */
const notMine = `return string.sub(held, 1, 2) == '1 ' and 0 or 'STORE_LAYOUT'`;

/**
 * Keeps a lease for its owner; never makes one anew.
 *
 * KEYS[1]  the lease   ARGV[1]  how it begins: `1 <owner> `   ARGV[2]  the lease in ms
 *
 * Replies 1 when renewed, 0 when another holds it, -1 when nobody does; or the code of an error.
 */
export const renewLua = `
local held = redis.call('GET', KEYS[1])
if not held then return -1 end
if string.sub(held, 1, #ARGV[1]) ~= ARGV[1] then ${notMine} end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;

/**
 * Gives a lease back, and passes the lock on to the first in line.
 *
 * KEYS[1]  the lease   ARGV[1]  how it begins: `1 <owner> `
 *
 * Replies 1 when released, 0 when the owner does not hold it; or the code of an error.
 */
export const releaseLua = `
local held = redis.call('GET', KEYS[1])
if not held then return 0 end
if string.sub(held, 1, #ARGV[1]) ~= ARGV[1] then ${notMine} end
local blank = string.find(held, ' ', #ARGV[1] + 1, true)
if not blank then return redis.call('DEL', KEYS[1]) end
local line = string.sub(held, blank + 1)
${passOnLua}
return 1`;

/**
 * Takes a waiter out of the line; what was offered to it goes to the next.
 *
 * KEYS[1]  the lease   ARGV[1]  the waiter
 *
 * Replies 1 when something changed, 0 when not; or the code of an error.
 */
export const leaveLua = `
local held = redis.call('GET', KEYS[1])
if not held then return 0 end
local head, owner, fence, waiters = string.match(held, '^(1 (%S+) (%d+))(.*)$')
if not head then return 'STORE_LAYOUT' end
if fence == '0' and owner == ARGV[1] then
  if waiters == '' then return redis.call('DEL', KEYS[1]) end
  local line = string.sub(waiters, 2)
  ${passOnLua}
  return 1
end
local from, to = string.find(waiters .. ' ', ' ' .. ARGV[1] .. ' ', 1, true)
if not from then return 0 end
local others = string.sub(waiters, 1, from - 1) .. string.sub(waiters, to)
redis.call('SET', KEYS[1], head .. others, 'KEEPTTL')
return 1`;
