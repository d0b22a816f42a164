import { createManualClock } from '@gabion/clock/testing';
import express from 'express';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withRateLimit } from '../src/fetch.js';
import { httpAnswer, rateLimitHeaders } from '../src/http.js';
import { createTokenBucket, memoryBucketStore, StoreUnavailableError } from '../src/index.js';
import { rateLimit } from '../src/node.js';
import { serve } from './http-server.js';

const clock = createManualClock(1_000_000);
const burst = { name: 'burst', capacity: 20, refill: { tokens: 10, everyMs: 1_000 } };

describe('9. One decision yields the whole answer, of a real bucket', () => {
  test('a bucket that was just emptied reads as in the draft', async () => {
    const bucket = createTokenBucket({ ...burst, clock });
    await bucket.take('user:42', { cost: 20 });
    expect(rateLimitHeaders(await bucket.take('user:42'))).toEqual({
      'RateLimit-Policy': '"burst";q=20;w=2',
      RateLimit: '"burst";r=0;t=1',
      'Retry-After': '1',
      'Cache-Control': 'no-store',
    });
  });

  test('each of several limits has its item, and only those that refused are violated', async () => {
    const daily = {
      name: 'daily',
      capacity: 1_000,
      refill: { tokens: 1_000, everyMs: 86_400_000 },
    };
    const bucket = createTokenBucket({ limits: [burst, daily], clock });
    await bucket.take({ burst: 'key-7', daily: 'tenant-1' }, { cost: 20 });
    const { headers, body } = httpAnswer(await bucket.take({ burst: 'key-7', daily: 'tenant-1' }));
    expect(headers['RateLimit-Policy']).toBe('"burst";q=20;w=2, "daily";q=1000;w=86400');
    expect(headers['RateLimit']).toBe('"burst";r=0;t=1, "daily";r=980;t=87');
    expect(headers['Retry-After']).toBe('1');
    expect(JSON.parse(body ?? '')['violated-policies']).toEqual(['burst']);
  });

  test('a cost that no wait can pay has no Retry-After', async () => {
    const { status, headers } = httpAnswer(
      await createTokenBucket({ ...burst, clock }).take('user:42', { cost: 21 }),
    );
    expect(status).toBe(429);
    expect(headers['Retry-After']).toBeUndefined();
    expect(headers['RateLimit']).toBe('"burst";r=20;t=1');
  });

  test('a client that waits for Retry-After is served', () => {
    const refill = fc.record({
      tokens: fc.integer({ min: 1, max: 1_000 }),
      everyMs: fc.integer({ min: 1, max: 100_000 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        refill,
        fc.array(fc.record({ cost: fc.integer({ min: 1, max: 50 }), afterMs: fc.nat(3_000) })),
        (capacity, refill, takes) => {
          const bucket = createTokenBucket({ capacity, refill, clock });
          for (const { cost, afterMs } of takes) {
            clock.advance(afterMs);
            const answer = httpAnswer(bucket.takeSync('user:42', { cost }));
            const seconds = answer.headers['Retry-After'];
            if (seconds === undefined) continue;
            clock.advance(Number(seconds) * 1_000);
            expect(bucket.takeSync('user:42', { cost }).allowed).toBe(true);
          }
        },
      ),
    );
  });

  test('a dead store that denies is 503, and tells the policy without figures', async () => {
    const dead = {
      ...memoryBucketStore(),
      take: () => Promise.reject(new StoreUnavailableError('no route', 'none')),
    };
    const options = { onStoreError: 'deny', store: dead, clock } as const;
    const bucket = createTokenBucket({ ...burst, ...options });
    const key = () => 'user:42';
    const served = withRateLimit(bucket, { key }, () => new Response('served'));
    const response = await served(new Request('https://api.example/items'));
    expect(response.status).toBe(503);
    expect(response.headers.get('ratelimit-policy')).toBe('"burst";q=20;w=2');
    expect(response.headers.get('ratelimit')).toBeNull();
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
      'violated-policies': [],
    });
  });

  test('an Express server serves a burst and refuses what comes after it', async () => {
    const refill = { tokens: 1, everyMs: 60_000 };
    const bucket = createTokenBucket({ name: 'burst', capacity: 3, refill, clock });
    const app = express().use(rateLimit(bucket));
    const url = await serve(app.get('/', (_req, res) => void res.send('served')));
    const answers = [];
    for (let n = 0; n < 4; n++) {
      const { status, headers } = await fetch(url);
      answers.push([status, headers.get('ratelimit'), headers.get('retry-after')]);
    }
    expect(answers).toEqual([
      [200, '"burst";r=2;t=60', null],
      [200, '"burst";r=1;t=60', null],
      [200, '"burst";r=0;t=60', null],
      [429, '"burst";r=0;t=60', '60'],
    ]);
  });
});
