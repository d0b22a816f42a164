import { describe, expect, test, vi } from 'vitest';
import { createRetrier, retryInfo } from '../src/index.js';
import {
  createHastyClock,
  failing,
  hasty,
  manual,
  reasonOf,
  settled,
  turn,
} from './run-fixtures.js';

const outage = new Error('out');

describe('7. Nested retriers do not multiply', () => {
  test('a run inside an attempt of another is a single attempt', async () => {
    const outer = hasty({ maxAttempts: 3 }).retrier;
    const inner = hasty({ maxAttempts: 3 }).retrier;
    const leaf = failing(...Array(20).fill(outage));
    expect(await reasonOf(outer.run(() => inner.run(leaf)))).toBe(outage);
    expect(leaf.calls).toBe(3);
    expect([outer.budget.balance, inner.budget.balance]).toEqual([8, 10]);
  });

  test('so are three attempts at each of five layers: 3 calls, not 243', async () => {
    const leaf = failing(...Array(300).fill(outage));
    let work: () => Promise<unknown> = leaf;
    for (let layer = 0; layer < 5; layer += 1) {
      const inner = work;
      const { retrier } = hasty({ maxAttempts: 3 });
      work = () => retrier.run(inner);
    }
    await reasonOf(work());
    expect(leaf.calls).toBe(3);
  });

  test('also after awaits, timers and callbacks, with deadlines and signals', async () => {
    const inner = createRetrier({ deadlineMs: 60_000 });
    const leaf = failing(...Array(20).fill(outage));
    const work = async () => {
      await turn();
      return new Promise((resolve, reject) => {
        const { signal } = new AbortController();
        setTimeout(() => inner.run(leaf, { signal }).then(resolve, reject), 1);
      });
    };
    const outer = createRetrier({ maxAttempts: 2, attemptTimeoutMs: 60_000, backoff: () => 0 });
    expect(await reasonOf(outer.run(work))).toBe(outage);
    expect(leaf.calls).toBe(2);
  });

  test('the hint that the inner run met reaches the outer one, which waits for it', async () => {
    const classify = () => ({ kind: 'throttled', retryAfterMs: 300 }) as const;
    const outer = hasty({ classify });
    const inner = createRetrier({ clock: outer.clock, classify });
    const leaf = failing(outage);
    expect(await outer.retrier.run(() => inner.run(leaf))).toBe('done');
    // The inner gate is open again by then.
    expect(outer.clock.slept).toEqual([300]);
  });

  test('the info of the outermost run that failed is what is told', async () => {
    const outer = hasty({ maxAttempts: 3 }).retrier;
    const inner = hasty().retrier;
    const leaf = failing(outage, outage, outage);
    await reasonOf(outer.run(() => inner.run(leaf)));
    expect(retryInfo(outage)?.attempts).toHaveLength(3);
  });

  test('one that is independent retries on its own, and counts for no other as the outer', async () => {
    const leaf = failing(...Array(40).fill(outage));
    const independent = hasty({ maxAttempts: 3, nested: 'independent' }).retrier;
    await reasonOf(hasty({ maxAttempts: 3 }).retrier.run(() => independent.run(leaf)));
    expect(leaf.calls).toBe(9);
    const inner = hasty({ maxAttempts: 2 }).retrier;
    await reasonOf(independent.run(() => inner.run(leaf)));
    expect(leaf.calls).toBe(9 + 6);
  });

  test('runs beside each other, or one after the other, do not count as nested', async () => {
    const { retrier } = hasty({ maxAttempts: 2 });
    const both = await Promise.all([retrier.run(failing(outage)), retrier.run(failing(outage))]);
    expect(both).toEqual(['done', 'done']);
    expect(await retrier.run(failing(outage))).toBe('done');
  });

  test('what an attempt left running in the background retries on its own when it is over', async () => {
    const outer = hasty().retrier;
    const inner = hasty({ maxAttempts: 3 }).retrier;
    const leaf = failing(...Array(20).fill(outage));
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    let background: Promise<unknown> | undefined;
    await outer.run(() => {
      background = begun.then(() => inner.run(leaf));
    });
    begin();
    await reasonOf(background as Promise<unknown>);
    expect(leaf.calls).toBe(3);
  });

  test('an attempt that was given up and still runs counts as the outer one', async () => {
    const { clock, retrier } = manual({ attemptTimeoutMs: 10, maxAttempts: 1 });
    const inner = hasty({ maxAttempts: 3 }).retrier;
    const leaf = failing(...Array(20).fill(outage));
    let late: Promise<unknown> | undefined;
    const running = retrier.run(async () => {
      await clock.sleep(50);
      late = reasonOf(inner.run(leaf));
      await late;
    });
    await settled(clock, running);
    clock.advance(50);
    await turn();
    await late;
    expect(leaf.calls).toBe(1);
  });

  test('two copies of the package in one process know of each other', async () => {
    const ours = hasty({ maxAttempts: 3 }).retrier;
    vi.resetModules();
    const copy = await import('../src/index.js');
    expect(copy.createRetrier).not.toBe(createRetrier);
    const theirs = copy.createRetrier({ clock: createHastyClock(), maxAttempts: 3 });
    const leaf = failing(...Array(20).fill(outage));
    await reasonOf(ours.run(() => theirs.run(leaf)));
    expect(leaf.calls).toBe(3);
    await reasonOf(theirs.run(() => ours.run(leaf)));
    expect(leaf.calls).toBe(6);
  });

  test('where AsyncLocalStorage does not exist, every retrier is independent', async () => {
    const place = Symbol.for('@gabion/retry-budget nesting 1');
    const slot = globalThis as { [place]?: unknown };
    const kept = slot[place];
    slot[place] = { supported: false, run: (_: unknown, fn: () => unknown) => fn(), current() {} };
    try {
      const outer = hasty({ maxAttempts: 3 }).retrier;
      const inner = hasty({ maxAttempts: 3 }).retrier;
      const leaf = failing(...Array(20).fill(outage));
      await reasonOf(outer.run(() => inner.run(leaf)));
      expect(leaf.calls).toBe(9);
    } finally {
      slot[place] = kept;
    }
  });
});
