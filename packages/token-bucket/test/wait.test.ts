import { describe, expect, test } from 'vitest';
import { turn } from './shell-fixtures.js';
import { createWaiting } from './wait-fixtures.js';

describe('wait', () => {
  test('takes at once what is there', async () => {
    const { bucket, clock } = createWaiting(3);
    expect(await bucket.wait('k', { cost: 2 })).toMatchObject({ allowed: true, remaining: 1 });
    expect(clock.pending).toBe(0);
  });

  test('takes as soon as the tokens are there, and not a millisecond earlier', async () => {
    const { clock, story, wait } = createWaiting(3);
    await wait('first', 'k', { cost: 3 });
    wait('second', 'k', { cost: 2 });
    for (const passMs of [199, 1]) {
      await turn();
      clock.advance(passMs);
      await turn();
      story.push(`${passMs} ms passed`);
    }
    expect(story).toEqual([
      '0: first served',
      '199 ms passed',
      '200: second served',
      '1 ms passed',
    ]);
    expect(clock.pending).toBe(0);
  });

  test('serves the callers of one key in the order of their calls, whatever they cost', async () => {
    const { clock, story, wait } = createWaiting(3);
    const all = [
      wait('a', 'k', { cost: 3 }),
      wait('b', 'k', { cost: 3 }),
      wait('c', 'k', { cost: 1 }),
      wait('d', 'k', { cost: 2 }),
      wait('e', 'k', { cost: 0 }),
    ];
    for (let passed = 0; passed < 7; passed += 1) {
      await turn();
      clock.advance(100);
    }
    await Promise.all(all);
    expect(story).toEqual([
      '0: a served',
      '300: b served',
      '400: c served',
      '600: d served',
      '600: e served',
    ]);
  });

  test('keeps a line for each key', async () => {
    const { clock, story, wait } = createWaiting(1);
    wait('a', 'busy');
    wait('b', 'busy');
    await wait('c', 'idle');
    expect(story).toEqual(['0: a served', '0: c served']);
    await turn();
    clock.advance(100);
    await turn();
    expect(story.at(-1)).toBe('100: b served');
  });

  test('goes on when the clock of the store is behind that of the wait', async () => {
    const { clock, story, wait } = createWaiting(1);
    await wait('a', 'k');
    wait('b', 'k');
    await turn();
    clock.setWall(clock.wallNow() - 30);
    clock.advance(100);
    await turn();
    expect(story).toEqual(['0: a served']);
    clock.advance(30);
    await turn();
    expect(story).toEqual(['0: a served', '130: b served']);
  });

  test('returns what can never be had at once', async () => {
    const { bucket, clock } = createWaiting(3);
    expect(await bucket.wait('k', { cost: 4 })).toMatchObject({
      allowed: false,
      retryAfterMs: null,
      remaining: 3,
    });
    expect(clock.pending).toBe(0);
  });

  test('with several limits keeps a line for each set of keys', async () => {
    const refill = { tokens: 1, everyMs: 100 };
    const limits = [
      { name: 'user', capacity: 9, refill },
      { name: 'tenant', capacity: 1, refill },
    ];
    const none = { capacity: undefined, refill: undefined };
    const { clock, story, wait } = createWaiting(1, { limits, ...none });
    wait('a', { user: 'u', tenant: 't' });
    wait('b', { user: 'u', tenant: 't' });
    wait('c', { user: 'u', tenant: 'other' });
    wait('d', { user: 'u,t', tenant: 'more' });
    wait('e', { user: 'u,t', tenant: 'more' });
    wait('f', { user: 'u', tenant: 't,more' });
    await turn();
    expect(story.sort()).toEqual(['0: a served', '0: c served', '0: d served', '0: f served']);
    clock.advance(100);
    await turn();
    expect(story.slice(4)).toEqual(['100: b served', '100: e served']);
  });
});

describe('the longest wait', () => {
  test('of 0 never waits', async () => {
    const { clock, story, wait } = createWaiting(1);
    await wait('a', 'k', { waitMs: 0 });
    const refused = await wait('b', 'k', { waitMs: 0 });
    expect(refused).toMatchObject({ allowed: false, retryAfterMs: 100, violated: ['api'] });
    expect([story, clock.pending]).toEqual([['0: a served', '0: b refused'], 0]);
  });

  test('is known to be too short at once, and nothing is taken', async () => {
    const { clock, story, wait, bucket } = createWaiting(1);
    await wait('a', 'k');
    await wait('b', 'k', { waitMs: 99 });
    expect([story, clock.pending]).toEqual([['0: a served', '0: b refused'], 0]);
    wait('c', 'k', { waitMs: 100 });
    await turn();
    clock.advance(100);
    await turn();
    expect(story.at(-1)).toBe('100: c served');
    expect((await bucket.peek('k')).remaining).toBe(0);
  });

  test('is over for one in the line: it is refused, takes nothing, and the others move up', async () => {
    const { clock, story, wait } = createWaiting(2);
    await wait('a', 'k', { cost: 2 });
    wait('b', 'k', { cost: 2 });
    const late = wait('c', 'k', { cost: 1, waitMs: 150 });
    wait('d', 'k', { cost: 1 });
    for (const passMs of [149, 1, 50, 100]) {
      await turn();
      clock.advance(passMs);
    }
    await turn();
    expect(story).toEqual(['0: a served', '150: c refused', '200: b served', '300: d served']);
    // One token was there at 150 ms, but it was b's.
    expect(await late).toMatchObject({ allowed: false, remaining: 1, retryAfterMs: 0 });
    expect(await late).toMatchObject({ violated: [] });
    expect(clock.pending).toBe(0);
  });

  test('counts from the call, in the line and after it', async () => {
    const { clock, story, wait } = createWaiting(1);
    await wait('a', 'k');
    wait('b', 'k');
    wait('c', 'k', { waitMs: 199 });
    wait('d', 'k', { waitMs: 200 });
    await turn();
    clock.advance(100);
    await turn();
    // It is the turn of c, whose token would come a millisecond too late; so it is the turn of d.
    expect(story).toEqual(['0: a served', '100: b served', '100: c refused']);
    clock.advance(100);
    await turn();
    expect(story.at(-1)).toBe('200: d served');
  });
});
