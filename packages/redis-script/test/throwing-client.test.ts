import { describe, expect, test } from 'vitest';
import { defineScript, type RedisClient } from '../src/index.js';
import { failureOf } from './scripts.js';

const broken = new Error('the client is broken');

/** A client that throws where it could reject. */
function throwing(throwsAt: 'evalsha' | 'eval'): RedisClient {
  const fail = () => {
    throw broken;
  };
  return {
    status: 'ready',
    evalsha: throwsAt === 'evalsha' ? fail : () => Promise.reject(new Error('NOSCRIPT none')),
    eval: fail,
    on: () => {},
    off: () => {},
  };
}

describe('a client that throws where it could reject', () => {
  test.each(['evalsha', 'eval'] as const)('by %s is a failure like any other', async (throwsAt) => {
    const { run } = defineScript({ name: 'echo', lua: 'return 1' });
    // The first run reckons the SHA-1 of the script first; the second has it.
    for (const _ of [1, 2]) {
      const failure = await failureOf(
        run(throwing(throwsAt), { keys: [], args: [], timeoutMs: 60_000 }),
      );
      expect(failure).toMatchObject({ effect: 'unknown', cause: broken });
    }
  });
});
