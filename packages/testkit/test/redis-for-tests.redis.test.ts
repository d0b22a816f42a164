import { expect, inject, test } from 'vitest';
import { redisForTests } from '../src/redis-for-tests.js';

const url = inject('redisUrl');

test('the provided Redis answers', async () => {
  await using connected = redisForTests(url);
  expect(await connected.redis.ping()).toBe('PONG');
});

test('the clean-up deletes the keys under the prefix and no others', async () => {
  await using neighbour = redisForTests(url);
  const connected = redisForTests(url);
  await neighbour.redis.set(`${neighbour.prefix}:kept`, '1');
  const pipeline = connected.redis.pipeline();
  // More than one page of a scan.
  for (let n = 0; n < 1_200; n += 1) pipeline.set(`${connected.prefix}:${n}`, '1');
  await pipeline.exec();
  expect(await connected.keys()).toHaveLength(1_200);
  await connected.cleanup();
  expect(await neighbour.redis.exists(`${connected.prefix}:7`)).toBe(0);
  expect(await neighbour.keys()).toEqual([`${neighbour.prefix}:kept`]);
});

test('a second clean-up is the first one', async () => {
  const connected = redisForTests(url);
  await Promise.all([connected.cleanup(), connected.cleanup()]);
  await connected.cleanup();
  expect(connected.redis.status).toBe('end');
});
