import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../src/testing.js';

/** Lets everything run that can. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('createManualClock', () => {
  test('stands still where it was begun: at 0, or at startMs', () => {
    const clock = createManualClock();
    expect([clock.now(), clock.wallNow(), clock.pending]).toEqual([0, 0, 0]);
    const later = createManualClock(1_700_000_000_000.5);
    expect([later.now(), later.wallNow()]).toEqual([1_700_000_000_000.5, 1_700_000_000_000.5]);
  });

  test('advance moves both clocks, and keeps the distance between them', () => {
    const clock = createManualClock(1_000);
    clock.setWall(400);
    clock.advance(250);
    expect([clock.now(), clock.wallNow()]).toEqual([1_250, 650]);
  });

  test('set moves both clocks to one instant, back too', () => {
    const clock = createManualClock(1_000);
    clock.setWall(7);
    clock.set(200);
    expect([clock.now(), clock.wallNow()]).toEqual([200, 200]);
  });

  test('setWall moves the wall clock alone and ends no sleep', async () => {
    const clock = createManualClock(1_000);
    let ended = false;
    clock.sleep(10).then(() => {
      ended = true;
    });
    clock.setWall(1_000_000);
    await settled();
    expect([clock.now(), clock.wallNow(), clock.pending, ended]).toEqual([1_000, 1e6, 1, false]);
  });

  test('setting it forward ends the sleeps that are due, setting it back none', async () => {
    const clock = createManualClock(1_000);
    const ended: number[] = [];
    for (const ms of [100, 300]) clock.sleep(ms).then(() => ended.push(ms));
    clock.set(500);
    clock.set(1_099);
    await settled();
    expect(ended).toEqual([]);
    clock.set(1_100);
    await settled();
    expect([ended, clock.pending]).toEqual([[100], 1]);
  });

  test('on any plan the sleeps end in the order of their instants, then of their beginning', async () => {
    const plan = fc.array(fc.record({ ms: fc.nat({ max: 20 }), passMs: fc.nat({ max: 6 }) }));
    await fc.assert(
      fc.asyncProperty(plan, async (sleeps) => {
        const clock = createManualClock();
        const ended: [dueAt: number, begun: number][] = [];
        const planned: [dueAt: number, begun: number][] = [];
        for (const [begun, { ms, passMs }] of sleeps.entries()) {
          // One that lasts no time is over before it can be overtaken.
          const dueAt = clock.now() + ms + 1;
          planned.push([dueAt, begun]);
          clock.sleep(ms + 1).then(() => ended.push([dueAt, begun]));
          clock.advance(passMs);
          await settled();
          expect(ended.length).toBe(planned.filter(([due]) => due <= clock.now()).length);
          expect(clock.pending).toBe(planned.length - ended.length);
        }
        clock.advance(21);
        await settled();
        expect(ended).toEqual(planned.sort(([a, i], [b, j]) => a - b || i - j));
        expect(clock.pending).toBe(0);
      }),
    );
  });

  test('a sleep begun by what wakes up is measured from the new time', async () => {
    const clock = createManualClock();
    const ends: number[] = [];
    clock.sleep(10).then(async () => {
      await clock.sleep(10);
      ends.push(clock.now());
    });
    clock.advance(50);
    await settled();
    expect([ends, clock.pending]).toEqual([[], 1]);
    clock.advance(10);
    await settled();
    expect(ends).toEqual([60]);
  });

  test('an aborted sleep leaves the others as they were', async () => {
    const clock = createManualClock();
    const leaving = new AbortController();
    const ended: string[] = [];
    clock.sleep(10).then(() => ended.push('first'));
    clock.sleep(10, { signal: leaving.signal }).catch((reason) => ended.push(reason));
    clock.sleep(10).then(() => ended.push('third'));
    leaving.abort('second left');
    expect(clock.pending).toBe(2);
    clock.advance(10);
    await settled();
    expect(ended).toEqual(['second left', 'first', 'third']);
  });

  test('an instant or a distance that is none is refused, naming function, argument and value', () => {
    const clock = createManualClock(1_000);
    const finite = 'must be a finite number';
    expect(() => createManualClock(Number.NaN)).toThrow(
      new RangeError(`createManualClock: startMs ${finite}, got NaN`),
    );
    expect(() => clock.advance(-1)).toThrow(
      new RangeError(`advance: ms ${finite} of at least 0, got -1`),
    );
    expect(() => clock.advance(Infinity)).toThrow(
      new RangeError(`advance: ms ${finite} of at least 0, got Infinity`),
    );
    expect(() => clock.set('5' as unknown as number)).toThrow(
      new TypeError(`set: ms ${finite}, got "5"`),
    );
    expect(() => clock.setWall(Infinity)).toThrow(
      new RangeError(`setWall: ms ${finite}, got Infinity`),
    );
    expect([clock.now(), clock.wallNow()]).toEqual([1_000, 1_000]);
  });
});
