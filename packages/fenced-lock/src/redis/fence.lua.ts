/**
 * Raises the mark of a name, if the fence is higher.
 *
 * KEYS[1]  the mark: `1 <fence>`, the first number being the layout; without an end
 * ARGV[1]  the fence; 0 only looks
 *
 * Replies the mark as text, or the code of an error.
 */
export const advanceLua = `
local mark = redis.call('GET', KEYS[1])
local highest = mark and string.match(mark, '^1 (%d+)$') or '0'
if mark and highest == '0' then return 'STORE_LAYOUT' end
if tonumber(ARGV[1]) <= tonumber(highest) then return highest end
redis.call('SET', KEYS[1], '1 ' .. ARGV[1])
return ARGV[1]`;

/**
 * Sets a key and raises its mark, unless a later fence was seen: the check lives with the write.
 *
 * KEYS[1]  the mark   KEYS[2]  the user's key   ARGV[1]  the fence   ARGV[2]  the value
 *
 * Replies the highest fence seen, as text: the write's own when it was done.
 */
export const fencedSetLua = `
local mark = redis.call('GET', KEYS[1])
local highest = mark and string.match(mark, '^1 (%d+)$') or '0'
if mark and highest == '0' then return 'STORE_LAYOUT' end
if tonumber(ARGV[1]) < tonumber(highest) then return highest end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('SET', KEYS[1], '1 ' .. ARGV[1])
return ARGV[1]`;
