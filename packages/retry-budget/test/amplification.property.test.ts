import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRetryBudget } from '../src/index.js';
import {
  anyHighRatio,
  anyRatio,
  anySteps,
  isLess,
  least,
  minus,
  most,
  plus,
  type Rational,
  rational,
  type Step,
  times,
  toNumber,
} from './budget-models.js';
import { type BudgetModel, type Happening, playBudget } from './budget-play.js';

const none = rational(0);

/** The definition of `'success'`: what is saved up, and what sleeps, in rationals. */
function successModel(ratio: Rational, reserve: number): BudgetModel {
  const full = rational(Math.max(1, reserve));
  let balance = full;
  const asleep = new Map<number, Rational>();
  const sleeping = () => [...asleep.values()].reduce(plus, none);
  const deposit = (succeeded: boolean) => {
    if (succeeded) balance = least(plus(balance, ratio), minus(full, sleeping()));
  };
  return {
    balance: () => balance,
    begin() {},
    end: deposit,
    take(cost, id) {
      if (isLess(balance, cost)) return false;
      balance = minus(balance, cost);
      asleep.set(id, cost);
      return true;
    },
    start: (id) => void asleep.delete(id),
    endSlot: (_, succeeded) => deposit(succeeded),
    giveBack(id) {
      balance = plus(balance, asleep.get(id) ?? none);
      asleep.delete(id);
    },
  };
}

/** The definition of `'request'`: every entry of the last ten slices, one by one. */
function requestModel(ratio: Rational, reserve: Rational, windowMs: number, now: () => number) {
  const startedAt = now();
  const slice = () => Math.floor(((now() - startedAt) * 10) / windowMs);
  const entries: { readonly id: number; readonly slice: number; amount: Rational }[] = [];
  const balance = () =>
    entries
      .filter((entry) => entry.slice > slice() - 10)
      .map(({ amount }) => amount)
      .reduce(plus, reserve);
  const model: BudgetModel = {
    balance: () => most(none, balance()),
    begin: () => void entries.push({ id: 0, slice: slice(), amount: ratio }),
    end() {},
    take(cost, id) {
      if (isLess(balance(), cost)) return false;
      entries.push({ id, slice: slice(), amount: minus(none, cost) });
      return true;
    },
    start() {},
    endSlot() {},
    giveBack(id) {
      for (const entry of entries) if (entry.id === id) entry.amount = none;
    },
  };
  return model;
}

/** The definition of `'concurrency'`: who is under way, one by one. */
function concurrencyModel(ratio: Rational, minConcurrent: number): BudgetModel {
  let firsts = 0;
  const retries = new Map<number, Rational>();
  const held = () => [...retries.values()].reduce(plus, none);
  const bound = () => {
    const active = rational(firsts + retries.size + 1);
    return most(rational(minConcurrent), times(ratio, active));
  };
  const leave = (id: number) => void retries.delete(id);
  return {
    balance: () => most(none, minus(bound(), held())),
    begin() {
      firsts += 1;
    },
    end() {
      firsts -= 1;
    },
    take(cost, id) {
      if (isLess(bound(), plus(held(), cost))) return false;
      retries.set(id, cost);
      return true;
    },
    start() {},
    endSlot: leave,
    giveBack: leave,
  };
}

function expectAgreement({ seen }: ReturnType<typeof playBudget>): void {
  const ours = seen.map(({ budget }) => budget);
  expect(ours).toEqual(
    seen.map(({ model: { given, balance } }) => ({ given, balance: toNumber(balance) })),
  );
}

/** The sum of what is counted in the first happenings: none, one, two, … */
function sums(happened: readonly Happening[], what: Happening['what']): Rational[] {
  const found = [none];
  for (const one of happened) {
    const last = found.at(-1) as Rational;
    found.push(one.what === what ? plus(last, one.cost) : last);
  }
  return found;
}

const sum = (happened: readonly Happening[], what: Happening['what']) =>
  sums(happened, what).at(-1) as Rational;

const anyReserve = fc.integer({ min: 0, max: 12 });

function onAnyHistory<T>(
  setting: fc.Arbitrary<T>,
  check: (setting: T, steps: readonly Step[]) => void,
): void {
  fc.assert(fc.property(setting, anySteps, check), { numRuns: 400 });
}

describe('1. Amplification is capped', () => {
  test("'success' counts as the rational model does, on any history", () => {
    onAnyHistory(fc.tuple(anyRatio, anyReserve), ([ratio, reserve], steps) => {
      const create = () => createRetryBudget({ ratio: ratio.written, reserve });
      expectAgreement(playBudget(create, () => successModel(ratio.meant, reserve), steps));
    });
  });

  test("'success': over any interval, retries ≤ max(1, reserve) + ratio × successes", () => {
    const anySetting = fc.oneof(
      fc.tuple(anyRatio, anyReserve),
      fc.tuple(anyHighRatio, fc.integer({ min: 0, max: 2 })),
    );
    onAnyHistory(anySetting, ([ratio, reserve], steps) => {
      const create = () => createRetryBudget({ ratio: ratio.written, reserve });
      const { happened } = playBudget(create, () => successModel(ratio.meant, reserve), steps);
      const started = sums(happened, 'retry started');
      const paid = sums(happened, 'success').map((n) => times(ratio.meant, n));
      // Over each stretch, from each moment to each later one.
      for (const [to, startedTo] of started.entries()) {
        for (let from = 0; from < to; from += 1) {
          const inside = minus(startedTo, started[from] as Rational);
          const paidInside = minus(paid[to] as Rational, paid[from] as Rational);
          const bound = plus(rational(Math.max(1, reserve)), paidInside);
          if (isLess(bound, inside)) expect({ from, to, inside }).toEqual({ bound });
        }
      }
    });
  });

  const anyWindow = fc.record({
    ratio: anyRatio,
    windowMs: fc.constantFrom(1_000, 3_333, 10_000),
    minRetriesPerSecond: fc.constantFrom(0, 1, 3),
  });

  test("'request' counts as the rational model does, on any history", () => {
    onAnyHistory(anyWindow, ({ ratio, windowMs, minRetriesPerSecond }, steps) => {
      const options = { deposit: 'request', windowMs, minRetriesPerSecond } as const;
      const reserve = rational(minRetriesPerSecond * windowMs, 1_000);
      const played = playBudget(
        (clock) => createRetryBudget({ ...options, ratio: ratio.written, clock }),
        (now) => requestModel(ratio.meant, reserve, windowMs, now),
        steps,
      );
      expectAgreement(played);
    });
  });

  test("'request': of what is less than nine tenths of a window old, no more is taken than its reserve and ratio × requests", () => {
    onAnyHistory(anyWindow, ({ ratio, windowMs, minRetriesPerSecond }, steps) => {
      const options = { deposit: 'request', windowMs, minRetriesPerSecond } as const;
      const reserve = rational(minRetriesPerSecond * windowMs, 1_000);
      const { happened } = playBudget(
        (clock) => createRetryBudget({ ...options, ratio: ratio.written, clock }),
        (now) => requestModel(ratio.meant, reserve, windowMs, now),
        steps.filter(({ kind }) => kind !== 'giveBack'),
      );
      for (const [last, { what, atMs }] of happened.entries()) {
        if (what !== 'retry taken') continue;
        const before = happened.slice(0, last + 1);
        const recent = before.filter((one) => one.atMs > atMs - windowMs * 0.9);
        const inWindow = before.filter((one) => one.atMs > atMs - windowMs);
        const bound = plus(reserve, times(ratio.meant, sum(inWindow, 'request')));
        expect(isLess(bound, sum(recent, 'retry taken'))).toBe(false);
      }
    });
  });

  const anyShare = fc.tuple(anyRatio, fc.integer({ min: 0, max: 4 }));

  test("'concurrency' counts as the rational model does: retries ≤ max(minConcurrent, ratio × active)", () => {
    onAnyHistory(anyShare, ([ratio, minConcurrent], steps) => {
      const options = { deposit: 'concurrency', ratio: ratio.written, minConcurrent } as const;
      const create = () => createRetryBudget(options);
      const model = () => concurrencyModel(ratio.meant, minConcurrent);
      expectAgreement(playBudget(create, model, steps));
    });
  });
});
