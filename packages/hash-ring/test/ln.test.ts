import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lnOfHash } from '../src/hash/ln.js';

const last = 2 ** 32 - 1;
const edges = [0, 1, 2, 3, 2 ** 31 - 1, 2 ** 31, 3_037_000_498, 3_037_000_499, last - 1, last];

/** ln((x + ½) / 2^32), by `log1p` near 1, where a logarithm of the quotient would lose digits. */
function expected(x: number): number {
  const above = (x + 0.5) / 2 ** 32;
  return above > 0.5 ? Math.log1p((x + 0.5 - 2 ** 32) / 2 ** 32) : Math.log(above);
}

test('the logarithm is right to the last digits, over the whole range', () => {
  const anyHash = fc.oneof(fc.integer({ min: 0, max: last }), fc.constantFrom(...edges));
  fc.assert(
    fc.property(anyHash, (x) => {
      const wanted = expected(x);
      expect(Math.abs(lnOfHash(x) - wanted)).toBeLessThan(4e-15 * Math.abs(wanted));
    }),
    { numRuns: 3_000, examples: edges.map((x) => [x]) },
  );
});

test('it is negative and grows strictly, so scores never meet by rounding', () => {
  const anyHash = fc.oneof(fc.integer({ min: 0, max: last - 1 }), fc.constantFrom(...edges));
  fc.assert(
    fc.property(anyHash, (x) => {
      fc.pre(x < last);
      expect(lnOfHash(x)).toBeLessThan(lnOfHash(x + 1));
      expect(lnOfHash(x + 1)).toBeLessThan(0);
    }),
    { numRuns: 3_000, examples: edges.map((x) => [x]).filter(([x]) => x !== last) as [number][] },
  );
});
