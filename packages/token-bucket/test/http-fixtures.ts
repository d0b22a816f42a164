import { EventEmitter, once } from 'node:events';
import fc from 'fast-check';
import type { Allowed, LimitStanding, Refused, Standing, TakeResult } from '../src/result.js';
import type { Taker } from '../src/web/http-options.js';

/** A bucket of 20 that refills at 10 a second, just emptied. */
export const burst: LimitStanding = {
  name: 'burst',
  capacity: 20,
  windowMs: 2_000,
  remaining: 0,
  resetAfterMs: 2_000,
};

const standing: Standing = {
  remaining: burst.remaining,
  limit: burst.capacity,
  policy: burst.name,
  resetAfterMs: burst.resetAfterMs,
  limits: [burst],
  source: 'store',
  degraded: false,
  atMs: Date.UTC(2019, 7, 5, 9, 27, 0),
};

/** An allowed take of the last token of `burst`, but for what the test is about. */
export function allowed(other: Partial<Allowed> = {}): Allowed {
  return { ...standing, allowed: true, ...other };
}

/** A take that `burst` refused for 100 ms, but for what the test is about. */
export function refused(other: Partial<Refused> = {}): Refused {
  return { ...standing, allowed: false, retryAfterMs: 100, violated: ['burst'], ...other };
}

/** One call of a scripted bucket. */
export type Take = readonly [key: unknown, options: unknown];

/** A bucket that answers from a script, its last line for ever, and remembers what it was asked. */
export function scripted(...script: (TakeResult | Error)[]): Taker & { readonly takes: Take[] } {
  const takes: Take[] = [];
  return {
    takes,
    async take(key, options) {
      takes.push([key, options]);
      const line = script[Math.min(takes.length, script.length) - 1];
      if (line instanceof Error || line === undefined) throw line;
      return line;
    },
  };
}

/** A bucket that answers only once it is told to. `asked` resolves at the first take. */
export function gated(result: TakeResult): Taker & { asked: Promise<unknown>; open(): void } {
  const gate = new EventEmitter();
  return {
    asked: once(gate, 'asked'),
    open: () => void gate.emit('open'),
    async take() {
      const opened = once(gate, 'open');
      gate.emit('asked');
      await opened;
      return result;
    },
  };
}

/** Any text that a structured field's String can carry. */
export const printableAscii = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 64 });

const anyStanding: fc.Arbitrary<LimitStanding> = fc
  .record({
    name: printableAscii,
    capacity: fc.integer({ min: 1, max: 1e9 }),
    windowMs: fc.integer({ min: 1, max: 1e12 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    resetAfterMs: fc.integer({ min: 0, max: 1e12 }),
  })
  .map(({ share, ...limit }) => ({ ...limit, remaining: Math.floor(share * limit.capacity) }));

/** Any refusal: of several limits some or none of which refused, by whomever. */
export const anyRefusal: fc.Arbitrary<Refused> = fc
  .record({
    limits: fc.uniqueArray(anyStanding, {
      selector: ({ name }) => name,
      minLength: 1,
      maxLength: 4,
    }),
    refusing: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    retryAfterMs: fc.oneof(
      fc.integer({ min: 1, max: 3_000 }),
      fc.integer({ min: 1, max: 1e13 }),
      fc.constant(null),
    ),
    source: fc.constantFrom('store', 'local', 'policy'),
    atMs: fc.integer({ min: 0, max: 4e12 }),
  })
  .map(({ limits, refusing, source, ...rest }) =>
    refused({
      ...rest,
      source,
      limits,
      degraded: source !== 'store',
      violated: limits.filter((_, index) => refusing[index]).map(({ name }) => name),
    }),
  );
