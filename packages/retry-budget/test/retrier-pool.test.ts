import { describe, expect, test } from 'vitest';
import { createRetrierPool, type PooledRetrierOptions } from '../src/index.js';
import { createHastyClock, createManualClock, failing, reasonOf } from './run-fixtures.js';

function pooled(maxOrigins: number | undefined, options: PooledRetrierOptions = {}) {
  const clock = createHastyClock(1_000);
  const evicted: unknown[] = [];
  const observer = { evicted: (event: unknown) => void evicted.push(event) };
  return {
    clock,
    evicted,
    pool: createRetrierPool({ maxOrigins, options: { clock, observer, ...options } }),
  };
}

/** Takes a retry from an origin's budget. */
async function draw(pool: ReturnType<typeof createRetrierPool>, origin: string): Promise<void> {
  await reasonOf(pool.get(origin).run(failing('out', 'out'), { maxAttempts: 2 }));
}

describe('createRetrierPool', () => {
  test('gives the same retrier for the same origin, called as it is', () => {
    const { pool } = pooled(undefined);
    const retrier = pool.get('https://a.example');
    expect(pool.get('https://a.example')).toBe(retrier);
    expect(retrier.name).toBe('https://a.example');
    expect(pool.get('https://b.example')).not.toBe(retrier);
    expect(pool.size).toBe(2);
  });

  test("one origin's outage and gate are no other's", async () => {
    const { clock, pool } = pooled(undefined, { budget: { reserve: 2 } });
    for (let call = 0; call < 5; call += 1) await draw(pool, 'a');
    expect(pool.get('a').budget.balance).toBe(0);
    expect(pool.get('b').budget.balance).toBe(2);
    pool.get('a').gate.close(60_000);
    const before = clock.slept.length;
    await pool.get('b').run(failing());
    expect(clock.slept.length).toBe(before);
  });

  test('creates each with the options, and each budget on the clock of the pool', () => {
    const clock = createManualClock();
    const budget = {
      deposit: 'request',
      ratio: 1,
      windowMs: 1_000,
      minRetriesPerSecond: 0,
    } as const;
    const pool = createRetrierPool({ options: { clock, budget, maxAttempts: 2 } });
    const { budget: its } = pool.get('a');
    its.begin();
    expect(its.balance).toBe(1);
    clock.advance(1_000);
    expect(its.balance).toBe(0);
    const own = createManualClock();
    const other = createRetrierPool({ options: { clock, budget: { ...budget, clock: own } } });
    other.get('a').budget.begin();
    clock.advance(5_000);
    expect(other.get('a').budget.balance).toBe(1);
  });

  test('remembers a thousand origins where nothing is said, and never more', () => {
    const { pool } = pooled(undefined);
    for (let i = 0; i < 1_500; i += 1) pool.get(`https://${i}.example`);
    expect(pool.size).toBe(1_000);
  });

  test('drops first what a new one would be no better off than, and tells nobody', async () => {
    const { pool, evicted } = pooled(3);
    await draw(pool, 'oldest, drawn on');
    const kept = pool.get('oldest, drawn on');
    const idle = pool.get('idle');
    const newest = pool.get('newest');
    pool.get('fourth');
    expect(pool.get('oldest, drawn on')).toBe(kept);
    expect(pool.get('newest')).toBe(newest);
    expect(evicted).toEqual([]);
    expect(pool.get('idle')).not.toBe(idle);
  });

  test('a closed gate is something to lose, until it opens', () => {
    const { clock, pool } = pooled(2);
    const closed = pool.get('closed');
    closed.gate.close(1_000);
    pool.get('open');
    pool.get('third');
    expect(pool.get('closed')).toBe(closed);
    clock.pass(1_000);
    // 'third' was used longer ago by now, and is dropped first; then the one that has opened.
    pool.get('fourth');
    pool.get('fifth');
    expect(pool.get('closed')).not.toBe(closed);
  });

  test('where all have something to lose, the one used longest ago goes, and the observer is told', async () => {
    const { clock, pool, evicted } = pooled(2, { backoff: () => 0 });
    await draw(pool, 'a');
    await draw(pool, 'b');
    const a = pool.get('a');
    pool.get('c');
    expect(pool.get('a')).toBe(a);
    expect(evicted).toEqual([{ name: 'b', atMs: clock.wallNow() }]);
  });

  test('looks at no more than eight', async () => {
    const { pool, evicted } = pooled(10);
    for (let i = 0; i < 8; i += 1) await draw(pool, `drawn ${i}`);
    pool.get('idle, but ninth');
    pool.get('tenth');
    pool.get('eleventh');
    expect(evicted).toMatchObject([{ name: 'drawn 0' }]);
  });

  test.each([
    ['', 'RangeError: get: origin must have 1 to 1024 characters, got ""'],
    [5, 'TypeError: get: origin must be a string, got 5'],
  ])('refuses the origin %o', (origin, error) => {
    const { pool } = pooled(undefined);
    let thrown: unknown;
    try {
      pool.get(origin as string);
    } catch (reason) {
      thrown = reason;
    }
    expect(String(thrown)).toBe(error);
    expect(pool.size).toBe(0);
  });
});
