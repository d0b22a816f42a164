import { describe, expect, test } from 'vitest';
import { policies, type Simulation, simulate } from '../src/simulate.js';
import { dip } from './simulate-fixtures.js';

/** Far more than a seed takes, for a machine that does other work. */
const timeout = 180_000;
const sparePerSecond = dip.capacityPerSecond - dip.demandPerSecond;
/** How long the server needs for the reserve of one budget, beside what is wanted of it. */
const reserveMs = (1_000 * 10) / sparePerSecond;

function recovery({ recoveredAfterMs }: Simulation): number {
  return recoveredAfterMs ?? Number.POSITIVE_INFINITY;
}

/** The best second of the last hundred: which part of its calls succeeded. */
function bestShare({ series }: Simulation): number {
  return Math.max(...series.slice(-100).map(({ successShare }) => successShare));
}

describe('2. Success-deposit is the default: a capacity dip of ten seconds at 90 % demand', () => {
  test.each([1, 2, 3, 4])('ends as the deposit has it: seed %i', { timeout }, async (seed) => {
    const late = { ...dip, seed, watchMs: 150_000 };
    const naive = await simulate({ ...late, policy: policies.naive });
    expect(naive.recoveredAfterMs).toBeNull();
    expect(bestShare(naive)).toBeLessThan(0.1);
    expect(naive.amplification).toBeGreaterThan(3.9);

    const request = await simulate({ ...late, policy: policies.request });
    expect(request.recoveredAfterMs).toBeNull();
    expect(bestShare(request)).toBeLessThan(0.1);

    const none = await simulate({ ...dip, seed, policy: policies.none });
    const success = await simulate({ ...dip, seed, policy: policies.success });
    expect(recovery(none)).toBeLessThan(90_000);
    // Nine of ten is counted in whole seconds, and who retries at the very end adds a few.
    expect(recovery(success)).toBeLessThanOrEqual(recovery(none) + reserveMs + 3_000);
    expect(success.amplification).toBeLessThan(1.01);
  });

  test('success-deposit takes what no retries take, on average', { timeout }, async () => {
    const took = { none: 0, success: 0 };
    const seeds = 8;
    for (let seed = 101; seed <= 100 + seeds; seed += 1) {
      took.none += recovery(await simulate({ ...dip, seed, policy: policies.none })) / seeds;
      took.success += recovery(await simulate({ ...dip, seed, policy: policies.success })) / seeds;
    }
    expect(took.success / took.none).toBeGreaterThan(0.95);
    expect(took.success - took.none).toBeLessThan(reserveMs + 1_000);
  });

  test('a fleet of ten has ten reserves, and takes as much longer', { timeout }, async () => {
    const longer = await Promise.all(
      [1, 2, 3, 4].map(async (seed) => {
        const none = await simulate({ ...dip, seed, policy: policies.none });
        const ten = await simulate({ ...dip, seed, policy: policies.success, clients: 10 });
        return recovery(ten) - recovery(none);
      }),
    );
    const mean = longer.reduce((sum, ms) => sum + ms, 0) / longer.length;
    expect(mean).toBeGreaterThan(10 * reserveMs * 0.5);
    expect(mean).toBeLessThan(10 * reserveMs * 1.6);
  });

  test('a total outage dries the budget up: the reserve, and no retry more', {
    timeout,
  }, async () => {
    const fault = { fromMs: 10_000, toMs: 40_000, capacityPerSecond: 0 };
    const run = (policy: (typeof policies)[keyof typeof policies]) =>
      simulate({ ...dip, fault, policy, watchMs: 10_000 });
    const during = ({ series }: Simulation) => {
      const dark = series.filter(({ fromMs }) => fromMs >= 12_000 && fromMs < 40_000);
      const sum = (of: 'calls' | 'attempts') => dark.reduce((all, one) => all + one[of], 0);
      return sum('attempts') - sum('calls');
    };
    expect(during(await run(policies.success))).toBe(0);
    expect(during(await run(policies.request))).toBeGreaterThan(300);
    expect(during(await run(policies.concurrency))).toBeGreaterThan(200);
    expect(during(await run(policies.naive))).toBeGreaterThan(3_000);
  });
});
