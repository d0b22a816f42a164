import { describe, expect, test } from 'vitest';
import { saltsOf } from '../src/salting/salts.js';
import { type SaltStep, saltSteps } from '../src/salting.js';
import { allRules, explore, type Rules, type Version } from './salting-model.js';
import { replicatedModel } from './salting-replicated-model.js';
import { saltedModel } from './salting-salted-model.js';

/** What the steps tell processes about one key. */
function planFor(key: string, steps: readonly SaltStep[]): Version[] {
  return steps.map(({ readSalts, writeSalts, afterwards }) => {
    return { read: saltsOf(readSalts, key), write: saltsOf(writeSalts, key), afterwards };
  });
}

const changes = [
  ...[[1, 2] as const, [1, 3] as const, [2, 3] as const],
  ...[[2, 1] as const, [3, 1] as const, [3, 2] as const],
];
const models = { salted: saltedModel, replicated: replicatedModel };
const modes = ['salted', 'replicated'] as const;
const cases = modes.flatMap((mode) => changes.map(([from, to]) => ({ mode, from, to })));

function planOf(mode: 'salted' | 'replicated', from: number, to: number): Version[] {
  return planFor('key', saltSteps(from, to, { mode }));
}

function outcome(mode: 'salted' | 'replicated', plan: Version[], rules: Partial<Rules> = {}) {
  return explore<never>(models[mode](plan, { ...allRules, ...rules }) as never);
}

describe('9. Changing the salt factor under load loses no read', () => {
  test.each(cases)('$mode, from $from to $to salts: in no interleaving', ({ mode, from, to }) => {
    const plan = planOf(mode, from, to);
    const { lost, reached, states } = outcome(mode, plan);
    expect(lost).toBeUndefined();
    expect(reached).toBe(plan.length - 1);
    expect(states).toBeGreaterThan(100);
  });

  test.each(modes)('%s, where one key widens and another narrows in one plan', (mode) => {
    const [, first] = saltSteps({ version: 0, readSalts: {}, writeSalts: {} }, { a: 3 });
    const started = { ...(first as SaltStep), readSalts: { a: 3 }, writeSalts: { a: 3 } };
    const steps = saltSteps(started, { b: 2 }, { mode });
    expect(steps).toHaveLength(3);
    for (const key of ['a', 'b', 'c']) {
      expect(outcome(mode, planFor(key, steps)).lost).toBeUndefined();
    }
  });

  test.each(modes)('%s, when a change is taken back half way', (mode) => {
    for (const [from, to] of changes) {
      const [, middle] = saltSteps(from, to, { mode });
      const steps = saltSteps(middle as SaltStep, from, { mode });
      expect(outcome(mode, planFor('key', steps)).lost).toBeUndefined();
    }
  });
});

describe('a read is lost, and the model finds it', () => {
  test.each(cases)('$mode, from $from to $to salts at once', ({ mode, from, to }) => {
    const plan = [
      { read: from, write: from },
      { read: to, write: to },
    ];
    expect(outcome(mode, plan).lost).toBeDefined();
  });

  test.each(cases)('$mode, from $from to $to, in the order of the other mode', (change) => {
    const { mode, from, to } = change;
    const other = mode === 'salted' ? 'replicated' : 'salted';
    expect(outcome(mode, planOf(other, from, to)).lost).toBeDefined();
  });

  test.each(cases)('$mode, from $from to $to, two versions apart', ({ mode, from, to }) => {
    const lost = outcome(mode, planOf(mode, from, to), { apart: 2, works: false }).lost;
    expect(lost).toBeDefined();
  });

  test.each([
    ['salted', 3, 1, 'the drain'],
    ['replicated', 1, 3, 'the backfill'],
  ] as const)('%s, from %i to %i, without %s', (mode, from, to, _what) => {
    expect(outcome(mode, planOf(mode, from, to), { works: false }).lost).toBeDefined();
  });

  test.each([
    ['salted', 3, 1, 'a drain that deletes under a read'],
    ['replicated', 1, 3, 'a backfill that overwrites what is newer'],
  ] as const)('%s, from %i to %i, with %s', (mode, from, to, _what) => {
    expect(outcome(mode, planOf(mode, from, to), { careful: false }).lost).toBeDefined();
  });

  // The other way round nothing is lost by it: what a read had to find then lies where it looks.
  test.each([
    ['salted', 3, 1],
    ['replicated', 1, 3],
  ] as const)('%s, from %i to %i, while what was begun before goes on', (mode, from, to) => {
    expect(outcome(mode, planOf(mode, from, to), { endsFirst: false }).lost).toBeDefined();
  });
});
