import { requireNumber, show } from '@gabion/contract';
import {
  defineScript,
  type RedisClient,
  type RedisScript,
  requireKeyPrefix,
} from '@gabion/redis-script';
import type { ClaimAnswer } from '../core/record.js';
import { StoreLayoutError } from '../errors.js';
import type { RecordStore, StoreCallOptions } from '../store.js';
import { claimLua } from './claim.lua.js';
import {
  completeLua,
  forgetLua,
  inspectLua,
  releaseLua,
  renewLua,
  resolveLua,
} from './record.lua.js';
import { letterOf, readStored, textOf, writeFingerprint } from './stored-text.js';

/** Options of {@link redisRecordStore}. */
export interface RedisRecordStoreOptions {
  /** Begins every key: 1 to 256 characters without braces. @defaultValue `'dedupe'` */
  readonly keyPrefix?: string | undefined;
  /** The longest wait for one reply, in milliseconds from 1. @defaultValue 1 000 */
  readonly timeoutMs?: number | undefined;
}

const defaults = Object.freeze({ keyPrefix: 'dedupe', timeoutMs: 1_000 });

const claimScript = defineScript({ name: 'redisRecordStore.claim', lua: claimLua });
const renewScript = defineScript({ name: 'redisRecordStore.renew', lua: renewLua });
const completeScript = defineScript({ name: 'redisRecordStore.complete', lua: completeLua });
const releaseScript = defineScript({ name: 'redisRecordStore.release', lua: releaseLua });
const inspectScript = defineScript({ name: 'redisRecordStore.inspect', lua: inspectLua });
const resolveScript = defineScript({ name: 'redisRecordStore.resolve', lua: resolveLua });
const forgetScript = defineScript({ name: 'redisRecordStore.forget', lua: forgetLua });

/**
 * Creates a store on Redis (6.2 or later) that every process shares: one EVALSHA a verb, Redis's
 * own clock, one string for each key at `keyPrefix:<hash>`, which expires when it is forgotten.
 *
 * @param redis - An ioredis `Redis` or `Cluster`, or `fromNodeRedis(client)`; the caller's own.
 * @throws TypeError | RangeError for an option that is not what it says.
 */
export function redisRecordStore(
  redis: RedisClient,
  options: RedisRecordStoreOptions = {},
): RecordStore {
  const fn = 'redisRecordStore';
  const { keyPrefix = defaults.keyPrefix, timeoutMs = defaults.timeoutMs } = options;
  if (typeof redis?.evalsha !== 'function') {
    throw new TypeError(
      `${fn}: redis must be an ioredis client or fromNodeRedis(client), got ${show(redis)}`,
    );
  }
  const start = `${requireKeyPrefix(fn, keyPrefix)}:`;
  requireNumber(fn, 'timeoutMs', timeoutMs, { min: 1, max: 2 ** 31 - 1 });

  async function run(
    script: RedisScript,
    id: string,
    args: readonly (string | number)[],
    call: StoreCallOptions | undefined,
  ): Promise<unknown> {
    const within = call?.timeoutMs === undefined ? timeoutMs : Math.min(timeoutMs, call.timeoutMs);
    const reply = await script.run(redis, { keys: [start + id], args, timeoutMs: within });
    if (reply !== 'STORE_LAYOUT') return reply;
    throw new StoreLayoutError(`${script.name}: the record is not of layout 1`);
  }

  return {
    async claim({ id, owner, fingerprint, leaseMs, unknownRetentionMs, onAbandoned }, call) {
      const rerun = onAbandoned === 'rerun' ? 1 : 0;
      const written = fingerprint && writeFingerprint(fingerprint);
      const args = [owner, leaseMs, unknownRetentionMs, written, rerun];
      return readClaim(await run(claimScript, id, args, call));
    },
    async renew({ id, fence, leaseMs, unknownRetentionMs }, call) {
      const reply = await run(renewScript, id, [fence, leaseMs, unknownRetentionMs], call);
      return answer(reply, 'renewed', 'stolen');
    },
    async complete({ id, fence, outcome, keepMs }, call) {
      const args = [fence, keepMs, letterOf(outcome), textOf(outcome)];
      return answer(await run(completeScript, id, args, call), 'completed', 'superseded');
    },
    async release({ id, fence }, call) {
      return answer(await run(releaseScript, id, [fence], call), 'released', 'superseded');
    },
    async inspect(id, call) {
      const reply = await run(inspectScript, id, [], call);
      if (!Array.isArray(reply)) return undefined;
      const [text, untilMs] = reply as [string, string];
      return readStored(inspectScript.name, text, Number(untilMs));
    },
    async forget(id, call) {
      await run(forgetScript, id, [], call);
    },
    async resolve({ id, found, keepMs }, call) {
      const args = [letterOf(found), textOf(found), keepMs];
      const reply = await run(resolveScript, id, args, call);
      return reply === 1 ? 'resolved' : 'not-unknown';
    },
  };
}

/** What most scripts reply: 1 for done, 0 for another's, -1 for nothing there. */
function answer<Yes, No>(reply: unknown, yes: Yes, no: No): Yes | No | 'missing' {
  if (reply === 1) return yes;
  return reply === 0 ? no : 'missing';
}

function readClaim(reply: unknown): ClaimAnswer {
  if (typeof reply === 'number') return { status: 'running', leftMs: -1 - reply };
  if (reply === 'MISMATCH') return { status: 'mismatch' };
  const text = reply as string;
  // A fence is digits; a record has a blank after its layout.
  if (text[1] !== ' ') return { status: 'claimed', fence: Number(text) };
  const stored = readStored(claimScript.name, text, 0);
  if (stored.state === 'done') return { status: 'done', outcome: stored.outcome };
  return { status: 'unknown', atMs: stored.state === 'unknown' ? stored.atMs : 0 };
}
