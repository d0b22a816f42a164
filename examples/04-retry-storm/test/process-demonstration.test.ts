import { describe, expect, test } from 'vitest';
import { findingsOf } from '../findings.js';
import { demonstrate } from '../stop.js';
import { count, lastShare, retries } from '../tally.js';
import { quickLoad, stage } from './stage.js';

describe('naive retries keep a service down, and with budgets it comes back', () => {
  test('over real HTTP', async () => {
    const all = await demonstrate(quickLoad, stage());
    const { naive, budgeted } = all;

    // The harm: a storm, and work for nobody.
    expect(retries(naive)).toBeGreaterThan(naive.begunAtMs.length / 2);
    expect(naive.served.forNobody).toBeGreaterThan(naive.served.inTime);

    // The cure: what is exact, however busy the machine, and that it helps. How much is for the
    // tour to show, where nothing else runs beside it.
    const { promises, timeline } = findingsOf(all);
    const [capped, firstAttemptsFree] = promises;
    expect([capped, firstAttemptsFree]).toMatchObject([{ kept: true }, { kept: true }]);
    expect(lastShare(quickLoad, budgeted)).toBeGreaterThan(lastShare(quickLoad, naive));
    expect(count(budgeted, 'answered')).toBeGreaterThan(count(naive, 'answered'));
    expect(count(budgeted, 'refused')).toBe(0);
    const times = timeline.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('a demonstration that is aborted rejects with the reason, in any run', async () => {
    for (const atMs of [0, 300, quickLoad.runMs + 500]) {
      const end = new AbortController();
      const reason = new Error('enough');
      setTimeout(() => end.abort(reason), atMs);
      await expect(demonstrate(quickLoad, stage(end.signal))).rejects.toBe(reason);
    }
  });
});
