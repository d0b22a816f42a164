import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Moment, readMoment } from '../src/index.js';
import { createHolder, leaseMs, settled } from './lease-fixtures.js';

/** What is taken off for clocks that run at different rates. */
const marginMs = leaseMs / 100 + 2;

const someMs = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map((step) => step * 100),
  fc.constantFrom(0.5, 1, marginMs, leaseMs / 4, leaseMs - marginMs, leaseMs),
);

/** What may befall a holder. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('time passes' as const), ms: someMs }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('loop is blocked' as const), ms: someMs }),
  },
  fc.record({
    kind: fc.constant('wall clock is set' as const),
    byMs: fc.oneof(
      someMs,
      someMs.map((ms) => -ms),
    ),
  }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('renewal is sent' as const) }) },
  // Replies come in any order, twice or never.
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('renewal is granted' as const), which: fc.nat(5) }),
  },
  fc.record({ kind: fc.constant('somebody looks' as const) }),
);

type Holder = ReturnType<typeof createHolder>;
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** Lets one thing happen; `granted` are the requests that the store is known to have granted. */
async function play({ clock, deadline }: Holder, sent: Moment[], granted: Moment[], one: Step) {
  if (one.kind === 'time passes') {
    clock.advance(one.ms);
    await settled();
  } else if (one.kind === 'loop is blocked') clock.advance(one.ms);
  else if (one.kind === 'wall clock is set') clock.setWall(clock.wallNow() + one.byMs);
  else if (one.kind === 'renewal is sent') sent.push(readMoment(clock));
  else if (one.kind === 'somebody looks') void deadline.remainingMs;
  else {
    const reply = sent[one.which % sent.length];
    if (reply !== undefined && deadline.extend(reply)) granted.push(reply);
  }
}

/** How long ago the last granted request was sent, on whichever clock has gone further. */
function elapsedMs({ clock }: Holder, granted: readonly Moment[]): number {
  const ages = granted.map((sentAt) =>
    Math.max(clock.now() - sentAt.now, clock.wallNow() - sentAt.wallNow),
  );
  return Math.min(...ages);
}

describe('on any history of both clocks, blocked loops and replies in any order', () => {
  test('a lease is not held later than leaseMs after the last granted send, less the margin', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const holder = createHolder();
        const sent: Moment[] = [];
        const granted = [readMoment(holder.clock)];
        for (const one of steps) {
          await play(holder, sent, granted, one);
          if (one.kind !== 'somebody looks') continue;
          const leftMs = leaseMs - marginMs - elapsedMs(holder, granted);
          const { over, remainingMs } = holder.deadline;
          if (over === undefined) expect(remainingMs).toBeCloseTo(leftMs, 3);
          else expect(remainingMs).toBe(0);
          expect(over !== undefined || leftMs > 0).toBe(true);
        }
      }),
    );
  });

  test('the signal aborts by itself as soon as the loop runs, once and for all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const holder = createHolder();
        const { signal } = holder.deadline;
        const sent: Moment[] = [];
        const granted = [readMoment(holder.clock)];
        for (const one of steps) {
          const wasLost = signal.aborted;
          await play(holder, sent, granted, one);
          await settled();
          // The monotonic clock alone drives timers; what the wall clock knows, they find later.
          const ages = granted.map(({ now }) => holder.clock.now() - now);
          if (Math.min(...ages) >= leaseMs - marginMs) expect(signal.aborted).toBe(true);
          if (wasLost) expect(signal.aborted).toBe(true);
          expect(holder.lost).toEqual(signal.aborted ? ['late'] : []);
          expect(holder.clock.pending).toBe(signal.aborted ? 0 : 1);
        }
      }),
    );
  });

  test('what is lost stays lost, and is told once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const holder = createHolder();
        const sent: Moment[] = [];
        for (const one of steps) {
          await play(holder, sent, [], one);
          if (holder.lost.length === 0) continue;
          expect(holder.lost).toEqual(['late']);
          expect(holder.deadline.remainingMs).toBe(0);
          expect(holder.deadline.extend(readMoment(holder.clock))).toBe(false);
        }
      }),
    );
  });

  test('one that was closed is never lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const holder = createHolder();
        const { signal } = holder.deadline;
        holder.deadline.close('given back');
        for (const one of steps) await play(holder, [], [], one);
        await settled();
        expect([signal.aborted, holder.lost, holder.clock.pending]).toEqual([false, [], 0]);
      }),
    );
  });
});
