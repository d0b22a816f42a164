import type { Clock } from '@gabion/clock';
import type { RedisClient } from '../src/redis.js';

/**
 * A script as it is, on a server whose clocks are what the test says: its last two arguments, `now`
 * in milliseconds for what expires, and the wall clock in microseconds for TIME. Since the server's
 * own time does not move along, what would expire has its end written beside it; a message that
 * would be published is written to a list.
 */
const before = `
local now, wall = tonumber(ARGV[#ARGV - 1]), tonumber(ARGV[#ARGV])
local ARGV = { unpack(ARGV, 1, #ARGV - 2) }
local server = redis

local function get(key)
  local ends = server.call('GET', key .. '|ends')
  if ends and tonumber(ends) <= now then
    server.call('DEL', key, key .. '|ends')
  end
  return server.call('GET', key)
end

local function keepUntil(key, ms)
  assert(tonumber(ms) == math.floor(tonumber(ms)), 'a lease must last for whole milliseconds')
  server.call('SET', key .. '|ends', string.format('%.0f', now + ms))
end

local commands = {
  GET = get,
  MGET = function(...)
    local values = {}
    for i, key in ipairs({ ... }) do values[i] = get(key) end
    return values
  end,
  SET = function(key, value, how, ms, when)
    if when == 'NX' and get(key) then return false end
    local reply = server.call('SET', key, value)
    if how == 'PX' then keepUntil(key, ms)
    elseif how ~= 'KEEPTTL' then server.call('DEL', key .. '|ends') end
    return reply
  end,
  PEXPIRE = keepUntil,
  PTTL = function(key) return server.call('GET', key .. '|ends') - now end,
  DEL = function(key)
    server.call('DEL', key .. '|ends')
    return server.call('DEL', key)
  end,
  TIME = function()
    return { tostring(math.floor(wall / 1000000)), tostring(wall % 1000000) }
  end,
  PUBLISH = function(channel, message)
    return server.call('RPUSH', KEYS[1] .. '|published', channel .. ' ' .. message)
  end,
}
local redis = { call = function(command, ...) return commands[command](...) end }
`;

/** A client of the same server, on which each script runs at the time of this clock. */
export function redisAt(redis: RedisClient, clock: Clock): RedisClient {
  return {
    get status() {
      return redis.status;
    },
    evalsha: () => Promise.reject(new Error('NOSCRIPT every script is sent with its clocks')),
    eval(lua, keyCount, ...rest) {
      const times = [clock.now(), clock.wallNow() * 1_000];
      return redis.eval(`${before}\n${lua}`, keyCount, ...rest, ...times);
    },
    on: (event, listener) => redis.on(event, listener),
    off: (event, listener) => redis.off(event, listener),
  };
}
