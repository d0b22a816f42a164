import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRetryFetch } from '../src/fetch.js';
import { poolOf } from './fetch-pools.js';

/** What becomes of one attempt: an answer, or a failure of a kind. */
type Step = number | 'unsent' | 'lost' | 'mistake';

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Step>(408, 425, 429, 500, 502, 503, 504) },
  { weight: 3, arbitrary: fc.constantFrom<Step>('unsent', 'lost') },
  { weight: 1, arbitrary: fc.constantFrom<Step>(200, 301, 404, 501, 'mistake') },
);
interface Wanted {
  readonly script: Step[];
  readonly maxAttempts: number;
  readonly method: string;
  readonly hasKey: boolean;
}

const call: fc.Arbitrary<Wanted> = fc.record({
  script: fc.array(step, { minLength: 1, maxLength: 12 }),
  maxAttempts: fc.integer({ min: 1, max: 8 }),
  method: fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'POST', 'PATCH', 'MKCOL'),
  hasKey: fc.boolean(),
});

const failures = {
  unsent: () =>
    new TypeError('fetch failed', { cause: { code: 'ENOTFOUND', syscall: 'getaddrinfo' } }),
  lost: () => new TypeError('fetch failed', { cause: { code: 'ECONNRESET', syscall: 'read' } }),
  mistake: () => new TypeError('invalid header'),
} as const;

const idempotent = 'GET HEAD OPTIONS PUT DELETE'.split(' ');
const retried = [408, 425, 429, 500, 502, 503, 504];

/** How many attempts there should be: one for each step that may be repeated, and a last one. */
function attemptsOf({ script, maxAttempts, method, hasKey }: Wanted): number {
  const isRepeatable = hasKey || idempotent.includes(method);
  const mayFollow = (at: Step) =>
    at === 'unsent' || (isRepeatable && (at === 'lost' || retried.includes(at as number)));
  const last = script.findIndex((at) => !mayFollow(at));
  return Math.min(last === -1 ? script.length + 1 : last + 1, maxAttempts);
}

/** A `fetch` that follows a script, and knows what became of the body of each answer. */
function actor(script: readonly Step[]) {
  const given: { readonly error?: unknown; readonly response?: Response; isOver: boolean }[] = [];
  const answer = (status: number) => {
    const entry = { isOver: false, response: new Response() };
    const over = () => {
      entry.isOver = true;
    };
    const body = new ReadableStream({ cancel: over }, { highWaterMark: 0 });
    entry.response = new Response(body, { status });
    given.push(entry);
    return entry.response;
  };
  const fetch = async () => {
    const next = script[given.length] ?? 200;
    if (typeof next === 'number') return answer(next);
    const error = failures[next]();
    given.push({ error, isOver: true });
    throw error;
  };
  return { fetch, given };
}

describe('8. fetch repeats what may be repeated, and gives back what fetch would', () => {
  test('on any script: as many attempts as may be, the last one’s outcome, nothing left open', async () => {
    await fc.assert(
      fc.asyncProperty(call, async (wanted) => {
        const { script, maxAttempts, method, hasKey } = wanted;
        const { fetch, given } = actor(script);
        const pool = poolOf({ maxAttempts, budget: { reserve: 1_000 } });
        const headers = new Headers(hasKey ? [['Idempotency-Key', 'k']] : []);
        const ended = createRetryFetch({ pool, fetch })('http://a.test', { method, headers });
        const [outcome] = await Promise.allSettled([ended]);
        expect(given).toHaveLength(attemptsOf(wanted));
        const last = given.at(-1);
        if (outcome?.status === 'fulfilled') expect(outcome.value).toBe(last?.response);
        else expect(outcome?.reason).toBe(last?.error);
        expect(given.slice(0, -1).every(({ isOver }) => isOver)).toBe(true);
        expect(last?.response === undefined || !last.isOver).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('however many calls there are, an outage is asked no oftener than the budget bears', async () => {
    const traffic = fc.record({ calls: fc.integer({ min: 1, max: 60 }), reserve: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(traffic, async ({ calls, reserve }) => {
        const { fetch, given } = actor(Array.from({ length: 500 }, () => 503));
        const pool = poolOf({ budget: { ratio: 0.1, reserve } });
        const retryFetch = createRetryFetch({ pool, fetch });
        const all = Array.from({ length: calls }, () => retryFetch('http://a.test'));
        const statuses = await Promise.all(all.map(async (one) => (await one).status));
        expect(statuses).toEqual(Array.from({ length: calls }, () => 503));
        expect(given.length).toBeLessThanOrEqual(calls + Math.max(1, reserve));
      }),
      { numRuns: 50 },
    );
  });
});
