import { describe, expect, test } from 'vitest';
import { parseRetryAfter } from '../src/fetch/retry-after.js';

const date = 'Sun, 06 Nov 1994 08:49:07 GMT';
const minuteLater = [
  ['an IMF-fixdate', 'Sun, 06 Nov 1994 08:50:07 GMT'],
  ['an RFC 850 date', 'Sunday, 06-Nov-94 08:50:07 GMT'],
  ['an asctime date', 'Sun Nov  6 08:50:07 1994'],
] as const;

describe('5. a malformed header is ignored', () => {
  const malformed = [
    ...['', ' ', '0x1', '1e3', '1.5', '-5', '+5', '5s', '5,5', '1_000', '٣', 'NaN', 'Infinity'],
    ...['soon', '5 5', '\u00a05', '5\n', '1994-11-06T08:49:37Z', 'Nov 6 1994', '5\u0000'],
    'sun, 06 nov 1994 08:49:37 gmt',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun,  06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Son, 06 Nov 1994 08:49:37 GMT',
    'Sun, 31 Nov 1994 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Tue, 29 Feb 2100 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sunday, 06-Nov-1994 08:49:37 GMT',
    'Sun Nov 6 08:49:37 1994',
    'Sun Nov 06 08:49:37 1994 GMT',
  ];

  test.each(malformed.map((value) => [value]))('%j asks for nothing', (value) => {
    expect(parseRetryAfter(value, { date })).toBeUndefined();
  });

  test('a header that is not there asks for nothing', () => {
    expect(parseRetryAfter(null, { date })).toBeUndefined();
    expect(parseRetryAfter(undefined, { date })).toBeUndefined();
  });
});

describe('8. Retry-After is delta-seconds or an HTTP-date relative to the Date of the response', () => {
  test('seconds are milliseconds, with blanks around them or without', () => {
    expect(parseRetryAfter('120')).toBe(120_000);
    expect(parseRetryAfter('0')).toBe(0);
    expect(parseRetryAfter('007')).toBe(7_000);
    expect(parseRetryAfter(' \t7\t ')).toBe(7_000);
  });

  test('a number of any length is a safe integer', () => {
    expect(parseRetryAfter('9'.repeat(400))).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseRetryAfter('9007199254741')).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseRetryAfter('9007199254740')).toBe(9_007_199_254_740_000);
  });

  test.each(minuteLater)('%s is the time from Date to it', (_, value) => {
    expect(parseRetryAfter(value, { date })).toBe(60_000);
  });

  test.each(minuteLater)('Date may be %s too', (_, value) => {
    const receivedAtMs = Date.UTC(2000, 0);
    const later = parseRetryAfter('Sun, 06 Nov 1994 08:51:07 GMT', { date: value, receivedAtMs });
    expect(later).toBe(60_000);
  });

  test('a date that has passed is no wait', () => {
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:06 GMT', { date })).toBe(0);
  });

  test('without a Date, or with a malformed one, it is relative to when the response came', () => {
    const receivedAtMs = Date.UTC(1994, 10, 6, 8, 49, 7, 250);
    const value = 'Sun, 06 Nov 1994 08:49:37 GMT';
    expect(parseRetryAfter(value, { receivedAtMs })).toBe(29_750);
    expect(parseRetryAfter(value, { receivedAtMs, date: null })).toBe(29_750);
    expect(parseRetryAfter(value, { receivedAtMs, date: 'yesterday' })).toBe(29_750);
  });

  test('a response comes now unless it is said when', () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
    const waitMs = parseRetryAfter(inAnHour) ?? 0;
    expect(waitMs).toBeGreaterThan(3_500_000);
    expect(waitMs).toBeLessThanOrEqual(3_600_000);
  });

  test('a leap second is the second after it', () => {
    const value = 'Sat, 31 Dec 2016 23:59:60 GMT';
    expect(parseRetryAfter(value, { date: 'Sat, 31 Dec 2016 23:59:59 GMT' })).toBe(1_000);
  });

  test('the year 99 is not 1999', () => {
    const wait = parseRetryAfter('Fri, 01 Jan 0100 00:00:00 GMT', {
      date: 'Thu, 31 Dec 0099 23:59:30 GMT',
    });
    expect(wait).toBe(30_000);
  });

  test.each([
    ['Wednesday, 22-Nov-76 00:00:00 GMT', '50 years ahead', Date.UTC(2076, 10, 22)],
    ['Wednesday, 22-Nov-76 00:00:01 GMT', 'more than 50 years ahead', undefined],
    ['Wednesday, 22-Nov-26 00:00:01 GMT', 'a second ahead', Date.UTC(2026, 10, 22, 0, 0, 1)],
    ['Monday, 22-Nov-99 00:00:00 GMT', 'of the last century', undefined],
  ])('the two digits of %s are read as what is %s', (value, _, atMs) => {
    const receivedAtMs = Date.UTC(2026, 10, 22);
    const expected = atMs === undefined ? 0 : atMs - receivedAtMs;
    expect(parseRetryAfter(value, { receivedAtMs })).toBe(expected);
  });

  test('two digits may lie in the next century, and 29 February in the one before', () => {
    const receivedAtMs = Date.UTC(2095, 10, 22);
    const ahead = parseRetryAfter('Monday, 22-Nov-10 00:00:00 GMT', { receivedAtMs });
    expect(ahead).toBe(Date.UTC(2110, 10, 22) - receivedAtMs);
    const leap = { date: 'Monday, 28-Feb-00 00:00:00 GMT', receivedAtMs: Date.UTC(2000, 2, 1) };
    expect(parseRetryAfter('Tuesday, 29-Feb-00 00:00:00 GMT', leap)).toBe(86_400_000);
    expect(parseRetryAfter('Tuesday, 29-Feb-00 00:00:00 GMT', { receivedAtMs })).toBe(0);
  });

  test('an instant that is none is an error', () => {
    expect(() => parseRetryAfter('1', { receivedAtMs: Number.NaN })).toThrow(
      'parseRetryAfter: receivedAtMs must be a number from',
    );
    expect(() => parseRetryAfter('1', { receivedAtMs: '1' as never })).toThrow(TypeError);
  });
});
