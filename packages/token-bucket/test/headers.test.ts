import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { type Item, parseList } from 'structured-headers';
import { describe, expect, test } from 'vitest';
import { createTokenBucket } from '../src/index.js';
import { rateLimitHeaders, retryAfter } from '../src/web/headers.js';
import { allowed, anyRefusal, burst, refused } from './http-fixtures.js';

/** Reads a RateLimit field back: each limit's name with its parameters. */
function parsed(field: string | undefined): [unknown, Record<string, unknown>][] {
  return (parseList(field ?? '') as Item[]).map(([name, parameters]) => [
    name,
    Object.fromEntries(parameters),
  ]);
}

describe('9. One decision yields the whole answer', () => {
  test('the fields of a refusal read as in the draft', () => {
    expect(rateLimitHeaders(refused())).toEqual({
      'RateLimit-Policy': '"burst";q=20;w=2',
      RateLimit: '"burst";r=0;t=1',
      'Retry-After': '1',
      'Cache-Control': 'no-store',
    });
  });

  test('an allowed take tells how things stand, and nothing of refusals', () => {
    expect(rateLimitHeaders(allowed())).toEqual({
      'RateLimit-Policy': '"burst";q=20;w=2',
      RateLimit: '"burst";r=0;t=1',
    });
  });

  test('Retry-After is rounded up', () => {
    const inSeconds = [1, 999, 1_000, 1_001, 59_001, 86_400_000].map((retryAfterMs) =>
      retryAfter(refused({ retryAfterMs })),
    );
    expect(inSeconds).toEqual(['1', '1', '1', '2', '60', '86400']);
  });

  test('Retry-After is never early, and less than a second late', () => {
    fc.assert(
      fc.property(anyRefusal, (refusal) => {
        const { retryAfterMs } = refusal;
        fc.pre(retryAfterMs !== null);
        const value = retryAfter(refusal) ?? '';
        expect(value).toMatch(/^[1-9]\d*$/);
        expect(Number(value) * 1_000).toBeGreaterThanOrEqual(retryAfterMs);
        expect(Number(value) * 1_000).toBeLessThan(retryAfterMs + 1_000);
      }),
    );
  });

  test('a refusal has at least one second of Retry-After', () => {
    expect(retryAfter(refused({ retryAfterMs: 0 }))).toBe('1');
  });

  test('Retry-After as a date is the next whole second on the clock of the store', () => {
    const atMs = Date.UTC(2019, 7, 5, 9, 27, 0);
    const dates = [4_001, 5_000, 5_001].map((retryAfterMs) =>
      retryAfter(refused({ atMs, retryAfterMs }), { as: 'date' }),
    );
    expect(dates).toEqual([
      'Mon, 05 Aug 2019 09:27:05 GMT',
      'Mon, 05 Aug 2019 09:27:05 GMT',
      'Mon, 05 Aug 2019 09:27:06 GMT',
    ]);
  });

  test('Retry-After as a date is never early, and less than a second late', () => {
    fc.assert(
      fc.property(anyRefusal, (refusal) => {
        fc.pre(refusal.retryAfterMs !== null);
        const dueMs = refusal.atMs + refusal.retryAfterMs;
        const value = retryAfter(refusal, { as: 'date' }) ?? '';
        expect(value).toMatch(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/);
        expect(Date.parse(value)).toBeGreaterThanOrEqual(dueMs);
        expect(Date.parse(value)).toBeLessThan(dueMs + 1_000);
      }),
    );
  });

  test('Retry-After as a date stops at the last year that has four digits', () => {
    const never = refused({ retryAfterMs: 3e14 });
    expect(retryAfter(never, { as: 'date' })).toBe('Fri, 31 Dec 9999 23:59:59 GMT');
  });

  test('what needs no waiting, or can never succeed, has no Retry-After', () => {
    const never = refused({ retryAfterMs: null });
    expect(retryAfter(allowed())).toBeUndefined();
    expect(retryAfter(never, { as: 'date' })).toBeUndefined();
    expect(rateLimitHeaders(never)).toEqual({
      'RateLimit-Policy': '"burst";q=20;w=2',
      RateLimit: '"burst";r=0;t=1',
      'Cache-Control': 'no-store',
    });
  });

  test('each limit has its item, in the order of the limits', () => {
    const used = { windowMs: 86_400_000, remaining: 400, resetAfterMs: 51_840_000 };
    const daily = { name: 'daily', capacity: 1_000, ...used };
    const headers = rateLimitHeaders(refused({ limits: [burst, daily] }));
    expect(headers['RateLimit-Policy']).toBe('"burst";q=20;w=2, "daily";q=1000;w=86400');
    expect(headers['RateLimit']).toBe('"burst";r=0;t=1, "daily";r=400;t=87');
  });

  test('a parser reads back every name and figure', () => {
    fc.assert(
      fc.property(anyRefusal, (refusal) => {
        const headers = rateLimitHeaders(refusal);
        expect(parsed(headers['RateLimit-Policy'])).toEqual(
          refusal.limits.map(({ name, capacity, windowMs }) => [
            name,
            { q: capacity, w: Math.ceil(windowMs / 1_000) },
          ]),
        );
        fc.pre(refusal.source !== 'policy');
        expect(parsed(headers['RateLimit'])).toEqual(
          refusal.limits.map(({ name, remaining }) => [
            name,
            { r: remaining, t: expect.toSatisfy((t: number) => Number.isInteger(t) && t >= 1) },
          ]),
        );
      }),
    );
  });

  test('the window of a limit that refused never ends after Retry-After', () => {
    fc.assert(
      fc.property(anyRefusal, (refusal) => {
        fc.pre(refusal.source !== 'policy');
        const headers = rateLimitHeaders(refusal);
        fc.pre(headers['Retry-After'] !== undefined);
        const ends = parsed(headers['RateLimit'])
          .filter(([name]) => refusal.violated.includes(String(name)))
          .map(([, parameters]) => Number(parameters['t']));
        expect(Math.max(0, ...ends)).toBeLessThanOrEqual(Number(headers['Retry-After']));
      }),
    );
  });

  test('the effective window ends with the next whole token', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.record({ tokens: fc.integer({ min: 1, max: 2_000 }), everyMs: fc.nat(90_000_000) }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(200_000_000),
        (capacity, { tokens, everyMs }, share, elapsedMs) => {
          const clock = createManualClock();
          const refill = { tokens, everyMs: everyMs + 1 };
          const bucket = createTokenBucket({ name: 'burst', capacity, refill, clock });
          bucket.takeSync('user:42', { cost: Math.ceil(share * capacity) });
          clock.advance(elapsedMs);
          const look = bucket.takeSync('user:42', { cost: 0 });
          fc.pre(look.remaining < capacity);
          const [item] = parsed(rateLimitHeaders(look)['RateLimit']);
          const windowEndMs = Number(item?.[1]['t']) * 1_000;
          const oneMore = bucket.takeSync('user:42', { cost: look.remaining + 1 });
          const nextTokenMs = oneMore.allowed ? 0 : Number(oneMore.retryAfterMs);
          // The figures of a standing are whole milliseconds, hence the one that may be missing.
          expect(windowEndMs).toBeGreaterThanOrEqual(nextTokenMs - 1);
          expect(windowEndMs).toBeLessThan(nextTokenMs + 1_001);
        },
      ),
    );
  });

  test('a window that ends on a whole second is that many seconds', () => {
    const hourly = {
      name: 'hourly',
      capacity: 3,
      windowMs: 3_000,
      remaining: 1,
      resetAfterMs: 2_000,
    };
    expect(rateLimitHeaders(allowed({ limits: [hourly] }))['RateLimit']).toBe('"hourly";r=1;t=1');
  });

  test('what nobody counted is not told', () => {
    const unchecked = refused({ source: 'policy', degraded: true, violated: [] });
    expect(rateLimitHeaders(unchecked)).toEqual({
      'RateLimit-Policy': '"burst";q=20;w=2',
      'Retry-After': '1',
      'Cache-Control': 'no-store',
    });
    expect(rateLimitHeaders(allowed({ source: 'policy', degraded: true }))).toEqual({
      'RateLimit-Policy': '"burst";q=20;w=2',
    });
  });

  test('what this process counted alone is told', () => {
    const headers = rateLimitHeaders(refused({ source: 'local', degraded: true }));
    expect(headers['RateLimit']).toBe('"burst";r=0;t=1');
  });

  test('under the proposed draft, what remains is a and its window is w', () => {
    expect(rateLimitHeaders(refused(), { draft: 'proposed-12' })).toEqual({
      'RateLimit-Policy': '"burst";q=20;w=2',
      RateLimit: '"burst";a=0;w=1',
      'Retry-After': '1',
      'Cache-Control': 'no-store',
    });
  });

  test('a name in quotes and backslashes is escaped, and read back', () => {
    const limits = [{ ...burst, name: 'a "b" \\c' }];
    const headers = rateLimitHeaders(refused({ limits }));
    expect(headers['RateLimit']).toBe('"a \\"b\\" \\\\c";r=0;t=1');
    expect(parsed(headers['RateLimit'])[0]?.[0]).toBe('a "b" \\c');
  });

  test('a name that no field can carry is refused, and named', () => {
    const unprintable = fc.oneof(
      fc.constantFrom('a\r\nSet-Cookie: x', 'tab\t', 'del\x7f', '\0'),
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/^[ -~]*$/.test(text)),
    );
    const named = (name: string) => () =>
      rateLimitHeaders(refused({ limits: [{ ...burst, name }] }));
    expect(named('größe')).toThrow(
      new RangeError('rateLimitHeaders: a limit\'s name must be printable ASCII, got "größe"'),
    );
    fc.assert(
      fc.property(unprintable, (name) => {
        expect(named(name)).toThrow(RangeError);
      }),
    );
  });

  test('a figure of more than fifteen digits is capped, as structured fields demand', () => {
    const huge = { ...burst, capacity: 9e15, remaining: 8e15, resetAfterMs: 223 };
    const headers = rateLimitHeaders(allowed({ limits: [huge] }));
    expect(headers['RateLimit-Policy']).toBe('"burst";q=999999999999999;w=2');
    expect(headers['RateLimit']).toBe('"burst";r=999999999999999;t=1');
  });

  test('an option that is not one of its values is refused, and named', () => {
    const wrong = 'unix' as 'seconds';
    expect(() => retryAfter(refused(), { as: wrong })).toThrow(
      new RangeError('retryAfter: as must be "seconds" or "date", got "unix"'),
    );
    expect(() => rateLimitHeaders(refused(), { draft: 7 as 11 })).toThrow(
      new RangeError('rateLimitHeaders: draft must be 11 or "proposed-12", got 7'),
    );
  });
});
