import { startRedis } from '@gabion/testkit';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { demonstrate } from '../stop.js';
import { quickLoad, stageOn } from './stage.js';

test('a Redis that dies under the limiter ends the demonstration with what happened', async () => {
  await using server = await startRedis();
  const redis = new Redis(server.url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => undefined);
  const stage = stageOn(redis);
  const phase: typeof stage.phase = async (title, work) => {
    if (title === 'with the limiter') setTimeout(() => void server.kill(), 600);
    return work(() => undefined);
  };
  const ending = demonstrate(quickLoad, { ...stage, phase });
  await expect(ending).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  redis.disconnect();
});

test('a demonstration that is aborted rejects with the reason, in either run', async () => {
  for (const atMs of [0, 500, quickLoad.runMs + 500]) {
    const end = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => end.abort(reason), atMs);
    const ending = demonstrate(quickLoad, stageOn(undefined, { signal: end.signal }));
    await expect(ending).rejects.toBe(reason);
  }
});
