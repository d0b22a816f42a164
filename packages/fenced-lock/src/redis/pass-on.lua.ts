/**
 * Passes a lock on: `line` is the text of its waiters, the first to be served first, with a blank
 * between them. The lock is offered to the first for 500 ms, and the store that the waiter
 * belongs to (its name up to the `_`) is told.
 */
export const passOnLua = `
local waiter, others = string.match(line, '^(%S+)(.*)$')
redis.call('SET', KEYS[1], '1 ' .. waiter .. ' 0' .. others, 'PX', 500)
local key = string.match(KEYS[1], '}:lease:(.*)$')
redis.call('PUBLISH', 'fenced-lock:wake:' .. string.match(waiter, '^[^_]+'), waiter .. ' ' .. key)`;
