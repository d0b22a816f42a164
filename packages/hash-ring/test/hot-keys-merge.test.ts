import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import { createHotKeys, type HotKeysOptions, type HotKeysSnapshot } from '../src/salting.js';

const halfLifeMs = 1_000;
const clock = () => createManualClock(Date.UTC(2026, 0, 1));

function started(options: HotKeysOptions = {}) {
  return createHotKeys({ halfLifeMs, ...options });
}

function snapshotOf(weights: Record<string, number>, atClock = clock()): HotKeysSnapshot {
  const hot = started({ clock: atClock });
  for (const [key, weight] of Object.entries(weights)) hot.record(key, weight);
  return JSON.parse(JSON.stringify(hot.snapshot())) as HotKeysSnapshot;
}

describe('10. Hot keys are counted within bounds', () => {
  test('a snapshot is plain JSON of what this process has counted, the heaviest first', () => {
    const time = clock();
    const hot = started({ clock: time });
    hot.record('b', 2);
    hot.record('a', 6);
    time.advance(1_000);
    const snapshot = hot.snapshot();
    expect(snapshot).toEqual({
      layout: 1,
      halfLifeMs,
      atMs: time.wallNow(),
      total: 4,
      unseen: 0,
      counters: [
        ['a', 3, 0],
        ['b', 1, 0],
      ],
    });
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  test('what processes counted adds up', () => {
    const hot = started({ clock: clock() });
    hot.record('a', 1);
    hot.merge('p2', snapshotOf({ a: 2, b: 4 }));
    hot.merge('p3', snapshotOf({ b: 1 }));
    expect(hot.top(2)).toMatchObject([
      { key: 'b', weight: 5, share: 0.625 },
      { key: 'a', weight: 3, share: 0.375 },
    ]);
  });

  test('a snapshot replaces the last one of its source, so sending twice counts once', () => {
    const hot = started({ clock: clock() });
    hot.merge('p2', snapshotOf({ a: 2 }));
    hot.merge('p2', snapshotOf({ a: 2 }));
    expect(hot.estimate('a')?.weight).toBe(2);
    hot.merge('p2', snapshotOf({ b: 7 }));
    expect(hot.estimate('a')).toBeUndefined();
    expect(hot.estimate('b')).toMatchObject({ weight: 7, share: 1 });
  });

  test('what was merged does not come out again, or it would go round and grow', () => {
    const hot = started({ clock: clock() });
    hot.record('a', 1);
    hot.merge('p2', snapshotOf({ b: 5 }));
    expect(hot.snapshot().counters).toEqual([['a', 1, 0]]);
    expect(hot.snapshot().total).toBe(1);
  });

  test('a snapshot decays from when it was taken, and that of a dead process fades', () => {
    const time = clock();
    const snapshot = snapshotOf({ a: 8 }, time);
    time.advance(1_000);
    const hot = started({ clock: time });
    hot.merge('p2', snapshot);
    expect(hot.estimate('a')?.weight).toBe(4);
    time.advance(1_000);
    expect(hot.estimate('a')?.weight).toBe(2);
    hot.record('b', 1);
    time.advance(60_000);
    hot.record('b', 1);
    expect(hot.top(1)[0]).toMatchObject({ key: 'b' });
    expect(hot.estimate('a')?.share).toBeLessThan(1e-15);
  });

  test('a wall clock that is ahead makes nothing heavier than it was', () => {
    const ahead = clock();
    ahead.advance(3_600_000);
    const hot = started({ clock: clock() });
    hot.merge('p2', snapshotOf({ a: 8 }, ahead));
    expect(hot.estimate('a')?.weight).toBe(8);
  });

  test('a key that a full source has no counter for may have weighed as much as its lightest', () => {
    const time = clock();
    const full = started({ clock: time, capacity: 2 });
    full.record('x', 3);
    full.record('y', 5);
    const hot = started({ clock: time });
    hot.record('a', 10);
    hot.merge('p2', full.snapshot());
    expect(hot.estimate('a')).toMatchObject({ weight: 13, error: 3, leastShare: 10 / 18 });
  });

  test('of a larger snapshot the heaviest are kept, and the bound says so', () => {
    const hot = started({ clock: clock(), capacity: 2 });
    hot.merge('p2', snapshotOf({ a: 5, b: 4, c: 3, d: 2 }));
    expect(hot.top(9).map(({ key }) => key)).toEqual(['a', 'b']);
    hot.record('c', 1);
    expect(hot.estimate('c')).toMatchObject({ weight: 4, error: 3 });
  });

  test('beyond maxSources the source that was heard longest ago goes', () => {
    const hot = started({ clock: clock(), maxSources: 2 });
    hot.merge('p1', snapshotOf({ a: 1 }));
    hot.merge('p2', snapshotOf({ b: 1 }));
    hot.merge('p1', snapshotOf({ a: 1 }));
    hot.merge('p3', snapshotOf({ c: 1 }));
    expect(hot.top(9).map(({ key }) => key)).toEqual(['a', 'c']);
    for (let i = 0; i < 1_000; i += 1) hot.merge(`hostile-${i}`, snapshotOf({ [`key-${i}`]: 1 }));
    expect(hot.top(9).map(({ key }) => key)).toEqual(['key-998', 'key-999']);
  });

  test('nothing of what was replaced stays behind, however heavy it was', () => {
    const hot = started({ clock: clock() });
    hot.merge('light', snapshotOf({ a: 0.3, b: 0.3 }));
    hot.merge('heavy', snapshotOf({ a: Number.MAX_SAFE_INTEGER }));
    expect(hot.estimate('a')?.share).toBeCloseTo(1, 12);
    hot.merge('heavy', snapshotOf({ a: 0.3, c: 0.3 }));
    expect(hot.estimate('a')).toEqual({
      key: 'a',
      weight: 0.6,
      error: 0,
      share: 0.5,
      leastShare: 0.5,
    });
    expect(hot.top(1)).toEqual([hot.estimate('a')]);
  });

  test('sources decay on through centuries, as what is recorded here does', () => {
    const time = clock();
    const hot = started({ clock: time });
    hot.merge('p2', snapshotOf({ a: 8 }, time));
    hot.record('b', 8);
    for (let i = 0; i < 3; i += 1) {
      time.advance(300 * halfLifeMs);
      expect(hot.estimate('a')?.share).toBe(0.5);
      expect(hot.top(2).map(({ share }) => share)).toEqual([0.5, 0.5]);
    }
    expect(hot.estimate('a')?.weight).toBe(8 * 2 ** -900);
    time.advance(1e12);
    expect(hot.estimate('a')).toMatchObject({ weight: 0, share: 0 });
  });

  test('with maxSources 0 no source is kept; by default a hundred are', () => {
    const alone = started({ clock: clock(), maxSources: 0 });
    alone.merge('p2', snapshotOf({ a: 1 }));
    expect(alone.top(9)).toEqual([]);
    const hot = started({ clock: clock() });
    for (let i = 0; i < 150; i += 1) hot.merge(`p${i}`, snapshotOf({ [`key-${i}`]: 1 }));
    expect(hot.top(1_000)).toHaveLength(100);
  });
});

describe('merge', () => {
  const good = snapshotOf({ a: 1 });
  const hot = started({ clock: clock() });

  test.each([
    [TypeError, 'no object', null],
    [TypeError, 'no snapshot', {}],
    [TypeError, 'counters that are no list', { ...good, counters: 'a' }],
    [TypeError, 'a counter that is no list', { ...good, counters: [7] }],
    [TypeError, 'a weight of another type', { ...good, counters: [['a', '1', 0]] }],
    [RangeError, 'a negative weight', { ...good, counters: [['a', -1, 0]] }],
    [RangeError, 'a negative error', { ...good, counters: [['a', 1, -1]] }],
    [RangeError, 'a key without a character', { ...good, counters: [['', 1, 0]] }],
    [RangeError, 'a total that is no number', { ...good, total: Number.NaN }],
    [RangeError, 'an infinite bound', { ...good, unseen: Number.POSITIVE_INFINITY }],
    [RangeError, 'a negative instant', { ...good, atMs: -1 }],
    [RangeError, 'a newer layout', { ...good, layout: 2 }],
    [RangeError, 'another half-life', { ...good, halfLifeMs: 500 }],
  ])('refuses with a %o %s, and changes nothing', (Mistake, _what, snapshot) => {
    expect(() => hot.merge('p2', snapshot as never)).toThrow(Mistake);
    expect(hot.top(1)).toEqual([]);
  });

  test('names what is wrong', () => {
    expect(() => hot.merge('p2', { ...good, counters: [['a', -1, 0]] })).toThrow(
      'merge: snapshot.counters[0][1] must be a finite number',
    );
    expect(() => hot.merge('', good)).toThrow('merge: sourceId must have 1 to 1024 characters');
  });
});
