import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRetryAfter } from '../src/fetch/retry-after.js';
import { asctime, imfFixdate, rfc850 } from './http-dates.js';

const year = 31_556_952_000;
const seconds = (min: number, max: number) =>
  fc.integer({ min: Math.ceil(min / 1_000), max: Math.floor(max / 1_000) }).map((s) => s * 1_000);
const anyInstant = seconds(Date.UTC(1, 0), Date.UTC(9_999, 11, 31));
const anyForm = fc.constantFrom(imfFixdate, asctime);

describe('8. Retry-After is delta-seconds or an HTTP-date relative to the Date of the response', () => {
  test('what is written as seconds is read as the same seconds', () => {
    fc.assert(
      fc.property(fc.nat(), (wait) => {
        expect(parseRetryAfter(String(wait))).toBe(wait * 1_000);
      }),
    );
  });

  test('what is written as a date, in either form, is read as the time from Date to it', () => {
    fc.assert(
      fc.property(anyInstant, anyInstant, anyForm, anyForm, (sentAtMs, atMs, form, ofDate) => {
        const wait = parseRetryAfter(form(atMs), { date: ofDate(sentAtMs) });
        expect(wait).toBe(Math.max(0, atMs - sentAtMs));
      }),
    );
  });

  test('two digits of a year are enough for 50 years back and ahead', () => {
    const near = fc.tuple(
      seconds(Date.UTC(1900, 0), Date.UTC(2900, 0)),
      seconds(-49.9 * year, 49.9 * year),
    );
    fc.assert(
      fc.property(near, ([sentAtMs, aheadMs]) => {
        const wait = parseRetryAfter(rfc850(sentAtMs + aheadMs), { date: imfFixdate(sentAtMs) });
        expect(wait).toBe(Math.max(0, aheadMs));
      }),
    );
  });

  test('a skewed clock here changes nothing', () => {
    fc.assert(
      fc.property(anyInstant, fc.nat(1e6), anyForm, (sentAtMs, receivedAtMs, form) => {
        const date = imfFixdate(sentAtMs);
        const wait = parseRetryAfter(form(sentAtMs + 5_000), { date, receivedAtMs });
        expect(wait).toBe(5_000);
      }),
    );
  });

  test('whatever a server sends, the wait is a safe integer of at least 0, or none', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[0-9 .eEx+-]*$/),
      fc
        .tuple(anyInstant, fc.constantFrom(imfFixdate, asctime, rfc850))
        .chain(([at, form]) =>
          fc.nat(30).map((index) => form(at).slice(0, index) + form(at).slice(index + 1)),
        ),
    );
    fc.assert(
      fc.property(text, fc.option(text), (value, date) => {
        const wait = parseRetryAfter(value, { date });
        if (wait !== undefined) expect(Number.isSafeInteger(wait) && wait >= 0).toBe(true);
        if (!/\d/.test(value)) expect(wait).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });
});
