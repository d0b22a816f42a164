import { describe, expect, test } from 'vitest';
import { findingsOf } from '../findings.js';
import { demonstrate } from '../stop.js';
import { fullestFirst, meanLoad, miscounted, peakToMean } from '../tally.js';
import { quickLoad, stageOn } from './stage.js';

describe('one hot key keeps one partition busy, and salted it does not', () => {
  test('every promise is kept, on real threads', async () => {
    const all = await demonstrate(quickLoad, stageOn());
    const { promises, timeline, chart, figures } = findingsOf(all);
    for (const { claim, kept, measured } of promises) {
      expect({ claim, kept, measured }).toMatchObject({ kept: true });
    }

    // The harm, and what each cure does to it: as loads, which are the same on any machine.
    const { plain, bounded, counted, salted, truth, load } = all;
    expect(peakToMean(plain)).toBeGreaterThan(2);
    expect(peakToMean(bounded)).toBeLessThanOrEqual(1.251);
    expect(peakToMean(salted)).toBeLessThan(peakToMean(plain) / 1.5);
    expect(meanLoad(plain)).toBe(load.events / load.partitions);
    expect(meanLoad(salted)).toBe(meanLoad(plain));
    expect(meanLoad(counted)).toBeLessThan(meanLoad(plain) / 2);
    for (const run of [plain, bounded, counted, salted]) expect(miscounted(run, truth)).toBe(0);

    // What they cost.
    expect(plain.total.reads).toBe(truth.size);
    expect(bounded.total.reads).toBe(truth.size * load.partitions);
    expect(salted.total.reads).toBeGreaterThan(truth.size);
    expect(salted.total.reads).toBeLessThan(truth.size * 1.1);

    expect(timeline.map(({ atMs }) => atMs)).toEqual(
      timeline.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
    );
    expect(chart.without).toHaveLength(load.partitions + 1);
    expect(chart.without[0]).toEqual([0, fullestFirst(plain)[0]]);
    expect(figures[0].what).toBe('fullest partition, × the mean');
  });

  test('the loads are the same each time', async () => {
    const load = { ...quickLoad, events: 4_000, partitions: 3, serviceUs: 1 };
    const [once, again] = [await demonstrate(load, stageOn()), await demonstrate(load, stageOn())];
    for (const run of ['plain', 'bounded', 'counted', 'salted'] as const) {
      expect(again[run].loads).toEqual(once[run].loads);
    }
  });

  test('one that is aborted rejects with the reason, in any run', async () => {
    const reason = new Error('enough');
    for (const wanted of ['with plain hashing', 'with a bounded ring']) {
      const end = new AbortController();
      const stage = stageOn({
        signal: end.signal,
        phase: (title, work) => {
          if (title === wanted) setTimeout(() => end.abort(reason), 100);
          return work(() => undefined);
        },
      });
      await expect(demonstrate({ ...quickLoad, serviceUs: 500 }, stage)).rejects.toBe(reason);
    }
    const ended = stageOn({ signal: AbortSignal.abort(reason) });
    await expect(demonstrate(quickLoad, ended)).rejects.toBe(reason);
  });
});
