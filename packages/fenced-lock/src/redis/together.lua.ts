import { acquireLua } from './acquire.lua.js';
import { leaveLua, releaseLua, renewLua } from './lease.lua.js';

/**
 * Carries out several verbs, one after another, each as its own script does.
 *
 * KEYS[1]  the namespace's counter   KEYS[2]...  the lease of each verb
 * ARGV     for each verb: its name, how many arguments it has, and these
 *
 * Replies what each verb replies; an error in its place is of that verb alone.
 */
export const togetherLua = `
local verbs = {
  acquire = function(KEYS, ARGV) ${acquireLua} end,
  renew = function(KEYS, ARGV) ${renewLua} end,
  release = function(KEYS, ARGV) ${releaseLua} end,
  leave = function(KEYS, ARGV) ${leaveLua} end,
}
local replies, at = {}, 1
for i = 2, #KEYS do
  local last = at + 1 + ARGV[at + 1]
  local keys, args = { KEYS[i], KEYS[1] }, { unpack(ARGV, at + 2, last) }
  local done, reply = pcall(verbs[ARGV[at]], keys, args)
  if not done then reply = { err = type(reply) == 'table' and reply.err or reply } end
  replies[i - 1] = reply
  at = last + 1
end
return replies`;
