import { defineScript, type RedisClient, type RedisScript } from '@gabion/redis-script';
import { bucketStoreOn, type RedisBucketStoreOptions } from '../src/redis-store.js';
import type { BucketStore } from '../src/store.js';
import { takeLua } from '../src/take.lua.js';

/**
 * The script as it is, on a server whose TIME is what the test says: the last two arguments. The
 * server's own time does not move along, so what the script writes is kept ten minutes longer.
 */
const lua = `
local seconds, micros = ARGV[#ARGV - 1], ARGV[#ARGV]
local ARGV = { unpack(ARGV, 1, #ARGV - 2) }
local server, asked = redis, 0

local function longer(ttl)
  assert(ttl >= 1 and ttl == math.floor(ttl), 'a level must live for whole milliseconds')
  return ttl + 600000
end

local redis = setmetatable({
  call = function(command, ...)
    local key, second, third, fourth = ...
    if command == 'TIME' then
      asked = asked + 1
      return { seconds, micros }
    elseif command == 'PSETEX' then
      return server.call('PSETEX', key, longer(second), third)
    elseif command == 'SET' then
      assert(third == 'PX', 'a level must not be kept for ever')
      return server.call('SET', key, second, 'PX', longer(fourth))
    end
    return server.call(command, ...)
  end,
}, { __index = server })

local function take()
${takeLua}
end

local reply = take()
assert(asked == 1, 'TIME must be asked once')
return reply
`;

const script = defineScript({ name: 'take with a clock that the test sets', lua });

/** The Redis store, on a server whose clock reads `now()`, in whole milliseconds. */
export function redisStoreAt(
  redis: RedisClient,
  options: RedisBucketStoreOptions,
  now: () => number,
): BucketStore {
  const set: RedisScript = {
    name: script.name,
    run(client, call) {
      const ms = now();
      // As late in the millisecond as can be: only its beginning counts.
      const time = [Math.floor(ms / 1_000), (ms % 1_000) * 1_000 + 999];
      return script.run(client, { ...call, args: [...call.args, ...time] });
    },
  };
  return bucketStoreOn(redis, options, set);
}
