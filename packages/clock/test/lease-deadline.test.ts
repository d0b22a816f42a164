import { describe, expect, test } from 'vitest';
import { leaseRemainingMs, readMoment } from '../src/index.js';
import { createHolder, settled } from './lease-fixtures.js';

describe('a lease deadline', () => {
  test('is counted from the moment when the request was sent, less a hundredth and 2 ms', () => {
    const { clock, deadline } = createHolder();
    expect(deadline.remainingMs).toBe(9_898);
    clock.advance(4_000);
    expect(deadline.remainingMs).toBe(5_898);
    clock.advance(5_897);
    expect(deadline.remainingMs).toBe(1);
    clock.advance(1);
    expect(deadline.remainingMs).toBe(0);
  });

  test('counts the time that the request was on its way', () => {
    const { clock, grantedNow, deadline } = createHolder();
    clock.advance(3_000);
    expect(grantedNow(readMoment(clock)).remainingMs).toBe(9_898);
    expect(deadline.remainingMs).toBe(6_898);
  });

  test('is over for a machine that slept: the wall clock has gone further than the other', () => {
    const { clock, deadline, lost } = createHolder();
    clock.setWall(clock.wallNow() + 5_000);
    expect(deadline.remainingMs).toBe(4_898);
    clock.setWall(clock.wallNow() + 5_000);
    expect(deadline.remainingMs).toBe(0);
    expect(lost).toEqual(['late']);
  });

  test('is not put off by a wall clock that is set back', () => {
    const { clock, deadline } = createHolder();
    clock.setWall(clock.wallNow() - 60_000);
    clock.advance(9_897);
    expect(deadline.remainingMs).toBe(1);
    clock.advance(1);
    expect(deadline.remainingMs).toBe(0);
  });

  test('is right though the event loop was blocked and no timer has fired', () => {
    const { clock, deadline } = createHolder();
    const { signal } = deadline;
    clock.advance(60_000);
    expect(signal.aborted).toBe(false);
    expect(deadline.remainingMs).toBe(0);
    expect(signal.aborted).toBe(true);
  });

  test('keeps the reason why it is over, whatever that is', () => {
    const { clock, grantedNow } = createHolder();
    const deadline = grantedNow(readMoment(clock), () => undefined);
    expect(deadline.over).toBeUndefined();
    deadline.lose(undefined);
    expect(deadline.over).toEqual({ reason: undefined });
    deadline.lose('again');
    expect(deadline.over).toEqual({ reason: undefined });
  });
});

describe('the signal of a lease deadline', () => {
  test('aborts by a timer of its own, with the reason of the expiry', async () => {
    const { clock, deadline, lost } = createHolder();
    const { signal } = deadline;
    clock.advance(9_897);
    await settled();
    clock.advance(0.5);
    await settled();
    expect([signal.aborted, lost]).toEqual([false, []]);
    clock.advance(0.5);
    await settled();
    expect([signal.aborted, signal.reason, lost]).toEqual([true, 'late', ['late']]);
    expect(clock.pending).toBe(0);
  });

  test('aborts within a quarter of the lease after a machine slept through its end', async () => {
    const { clock, deadline } = createHolder();
    const { signal } = deadline;
    clock.setWall(clock.wallNow() + 60_000);
    clock.advance(2_499);
    await settled();
    expect(signal.aborted).toBe(false);
    clock.advance(1);
    await settled();
    expect(signal.aborted).toBe(true);
  });

  test('costs no timer before somebody looks, and one however often they do', () => {
    const { clock, deadline } = createHolder();
    expect([deadline.remainingMs, deadline.extend(readMoment(clock)), clock.pending]).toEqual([
      9_898,
      true,
      0,
    ]);
    expect(deadline.signal).toBe(deadline.signal);
    deadline.watch();
    expect(clock.pending).toBe(1);
  });

  test('is watched by watch() as well, without anyone who reads it', async () => {
    const { clock, deadline, lost } = createHolder();
    deadline.watch();
    clock.advance(9_898);
    await settled();
    expect(lost).toEqual(['late']);
  });

  test('has aborted already when it is first read after the loss', () => {
    for (const lose of ['told', 'noticed'] as const) {
      const { clock, deadline, lost } = createHolder();
      if (lose === 'told') deadline.lose('stolen');
      else clock.advance(10_000);
      const reason = lose === 'told' ? 'stolen' : 'late';
      const { signal } = deadline;
      expect([signal.aborted, signal.reason, lost]).toEqual([true, reason, [reason]]);
      expect(clock.pending).toBe(0);
    }
  });

  test('lets a process end: its timer keeps nothing alive', () => {
    const { deadline, slept } = createHolder();
    deadline.watch();
    expect(slept).toEqual([false]);
  });
});

describe('extending a lease deadline', () => {
  test('moves it to that of the later request', async () => {
    const { clock, deadline } = createHolder();
    const { signal } = deadline;
    clock.advance(3_000);
    const sentAt = readMoment(clock);
    clock.advance(1_000);
    expect(deadline.extend(sentAt)).toBe(true);
    expect(deadline.remainingMs).toBe(8_898);
    clock.advance(8_897);
    await settled();
    expect(signal.aborted).toBe(false);
    clock.advance(1);
    await settled();
    expect(signal.aborted).toBe(true);
  });

  test('by a reply that was overtaken does not move it back', () => {
    const { clock, deadline } = createHolder();
    clock.advance(1_000);
    const earlier = readMoment(clock);
    clock.advance(1_000);
    expect(deadline.extend(readMoment(clock))).toBe(true);
    expect(deadline.extend(earlier)).toBe(true);
    expect(deadline.remainingMs).toBe(9_898);
  });

  test('saves a lease whose end nobody has noticed, if the store granted it in time', () => {
    const { clock, deadline, lost } = createHolder();
    clock.advance(6_000);
    const sentAt = readMoment(clock);
    clock.advance(6_000);
    expect(deadline.extend(sentAt)).toBe(true);
    expect([deadline.remainingMs, lost]).toEqual([3_898, []]);
  });

  test('by a reply whose own time is used up does nothing', () => {
    const { clock, deadline } = createHolder();
    clock.advance(1_000);
    const sentAt = readMoment(clock);
    clock.advance(9_898);
    expect(deadline.extend(sentAt)).toBe(false);
    expect(deadline.remainingMs).toBe(0);
  });

  test('does nothing once it is over: what is lost stays lost', () => {
    for (const end of ['lose', 'close'] as const) {
      const { clock, deadline, lost } = createHolder();
      deadline[end]('over');
      expect(deadline.extend(readMoment(clock))).toBe(false);
      expect([deadline.remainingMs, deadline.over]).toEqual([0, { reason: 'over' }]);
      expect(lost).toEqual(end === 'lose' ? ['over'] : []);
    }
  });
});

describe('closing a lease deadline', () => {
  test('ends the watch without a loss: the signal never aborts', async () => {
    const { clock, deadline, lost } = createHolder();
    const { signal } = deadline;
    deadline.close('given back');
    expect(deadline.over).toEqual({ reason: 'given back' });
    deadline.lose('stolen');
    clock.advance(60_000);
    await settled();
    expect([deadline.remainingMs, signal.aborted, lost]).toEqual([0, false, []]);
    expect(clock.pending).toBe(0);
  });

  test('does so also for a signal that is first read afterwards', async () => {
    const { clock, deadline } = createHolder();
    deadline.close('given back');
    const { signal } = deadline;
    deadline.watch();
    expect([signal.aborted, clock.pending]).toEqual([false, 0]);
  });

  test('after a loss changes nothing', () => {
    const { deadline } = createHolder();
    deadline.lose('stolen');
    deadline.close('given back');
    expect([deadline.over, deadline.signal.reason]).toEqual([{ reason: 'stolen' }, 'stolen']);
  });

  test('leaves no timer, and neither does a loss', () => {
    for (const end of ['lose', 'close'] as const) {
      const { clock, deadline } = createHolder();
      deadline.watch();
      expect(clock.pending).toBe(1);
      deadline[end]('over');
      expect(clock.pending).toBe(0);
    }
  });
});

describe('arguments', () => {
  test('leaseDeadline takes a lease of 5 ms and refuses a shorter one, or none', () => {
    const { clock, grantedNow } = createHolder();
    const sentAt = readMoment(clock);
    const start = (leaseMs: unknown) => () => grantedNow(sentAt, undefined, leaseMs as number);
    expect(start(5)().remainingMs).toBeGreaterThan(0);
    const must = 'leaseDeadline: leaseMs must be an integer of at least 5, got';
    expect(start(4)).toThrow(new RangeError(`${must} 4`));
    expect(start(10.5)).toThrow(new RangeError(`${must} 10.5`));
    expect(start('10')).toThrow(new TypeError(`${must} "10"`));
  });
});

describe('leaseRemainingMs', () => {
  test('is what a deadline would have left, and less than 0 for one that has passed', () => {
    const { clock } = createHolder();
    const sentAt = readMoment(clock);
    expect(leaseRemainingMs(clock, 1_000, sentAt)).toBe(988);
    clock.advance(500);
    expect(leaseRemainingMs(clock, 1_000, sentAt)).toBe(488);
    clock.setWall(clock.wallNow() + 500);
    expect(leaseRemainingMs(clock, 1_000, sentAt)).toBe(-12);
  });
});

describe('readMoment', () => {
  test('reads both clocks', () => {
    const { clock } = createHolder();
    clock.setWall(7);
    expect(readMoment(clock)).toEqual({ now: clock.now(), wallNow: 7 });
  });
});
