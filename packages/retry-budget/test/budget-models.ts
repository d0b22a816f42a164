import fc from 'fast-check';

/** A rational number, as BigInt numerator over denominator: what no rounding can reach. */
export type Rational = readonly [bigint, bigint];

export const rational = (n: number | bigint, d: number | bigint = 1): Rational => [
  BigInt(n),
  BigInt(d),
];
export const plus = ([a, b]: Rational, [c, d]: Rational): Rational =>
  b === d ? [a + c, b] : reduced([a * d + c * b, b * d]);
export const minus = (a: Rational, [c, d]: Rational): Rational => plus(a, [-c, d]);
export const times = ([a, b]: Rational, [c, d]: Rational): Rational => [a * c, b * d];
export const isLess = ([a, b]: Rational, [c, d]: Rational): boolean => a * d < c * b;
export const least = (a: Rational, b: Rational): Rational => (isLess(b, a) ? b : a);
export const most = (a: Rational, b: Rational): Rational => (isLess(a, b) ? b : a);

/** The double that is nearest to it, as long as its parts are exact in lowest terms. */
export function toNumber(value: Rational): number {
  const [n, d] = reduced(value);
  return Number(n) / Number(d);
}

function reduced([n, d]: Rational): Rational {
  const divisor = greatest(n < 0n ? -n : n, d);
  return [n / divisor, d / divisor];
}

function greatest(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatest(b, a % b);
}

/** An amount as a test writes it and as it is meant. */
export interface Amount {
  readonly written: number;
  readonly meant: Rational;
}

const amount = (n: number, d: number): Amount => ({ written: n / d, meant: rational(n, d) });

/** Ratios of every kind: decimals of up to four places, thirds, above one, and none at all. */
export const anyRatio: fc.Arbitrary<Amount> = fc.oneof(
  fc.constantFrom(amount(3, 4), amount(999, 1_000), amount(1, 10_000), amount(1, 10), amount(0, 1)),
  fc.integer({ min: 0, max: 20_000 }).map((n) => amount(n, 10_000)),
  fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 97 })).map(([n, d]) => {
    return amount(n, d);
  }),
);

/** Ratios at which a few successes pay for a retry, so that short histories reach every bound. */
export const anyHighRatio: fc.Arbitrary<Amount> = fc.constantFrom(
  amount(1, 2),
  amount(3, 4),
  amount(1, 1),
  amount(2, 1),
);

/** Costs that a retry may have. */
export const anyCost: fc.Arbitrary<Amount> = fc.constantFrom(
  amount(1, 1),
  amount(1, 1),
  amount(5, 14),
  amount(1, 2),
  amount(3, 10),
);

/** One thing that happens to a budget; `which` picks among the slots that are out. */
export type Step =
  | { readonly kind: 'begin' | 'succeed' | 'fail' }
  | { readonly kind: 'take'; readonly cost: Amount }
  | {
      readonly kind: 'start' | 'giveBack' | 'slotSucceeds' | 'slotFails';
      readonly which: number;
    }
  | { readonly kind: 'wait'; readonly ms: number };

const which = fc.nat({ max: 7 });

/** Histories of a budget, takes and successes more often than the rest. */
export const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom({ kind: 'begin' } as const) },
    { weight: 3, arbitrary: fc.constantFrom({ kind: 'succeed' } as const) },
    { weight: 1, arbitrary: fc.constantFrom({ kind: 'fail' } as const) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('take' as const), cost: anyCost }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom('start', 'giveBack', 'slotSucceeds', 'slotFails'),
        which,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        ms: fc.constantFrom(1, 99, 100, 250, 899, 900, 999, 1_000, 5_000),
      }),
    },
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
);
