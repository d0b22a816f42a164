import assert from 'node:assert/strict';
import { offerMs } from '../core/slot.js';
import type { FenceStore } from '../guard.js';
import type { LeaseStore } from '../store.js';

/** A lease store under test. */
export interface LeaseStoreSubject {
  /** The store, empty or not: each law uses keys that no other does. */
  readonly store: LeaseStore;
  /** Lets at least `ms` milliseconds pass on the store's clock. */
  advance(ms: number): Promise<void> | void;
}

/** A fence store under test. */
export interface FenceStoreSubject {
  /** The store, empty or not: each law uses names that no other does. */
  readonly store: FenceStore;
}

/** What no law waits for: a lease that lasts as long as the law. */
export const longMs = 3_600_000;
/** A lease that a law waits out. */
export const shortMs = 60;
/** One that a law waits out, and asks for again before: also on a slow machine. */
export const fairMs = 500;

const patience = { timeoutMs: 10_000 };
let names = 0;

/** A key, owner or waiter that no other law and no other run has used. */
export function newName(): string {
  names += 1;
  return `law-${names}-${Math.random().toString(36).slice(2)}`;
}

/** The verbs of a store on one key, as a law uses them. */
export function lockOf({ store }: LeaseStoreSubject, key = newName()) {
  const ask = (
    owner: string,
    { holdMs = longMs, ...rest }: { holdMs?: number; floor?: number; waiter?: string } = {},
  ) => store.acquire({ key, owner, holdMs, ...rest }, patience);
  return {
    ask,
    /** Asks, and expects the lock: resolves with its fence. */
    async take(owner: string, options?: Parameters<typeof ask>[1]): Promise<number> {
      const answer = await ask(owner, options);
      assert.equal(answer.status, 'granted', `${owner} must be granted ${key}`);
      assert.ok(Number.isSafeInteger(answer.fence) && answer.fence > 0, `${answer.fence}`);
      return answer.fence;
    },
    /** Asks, and expects a refusal: resolves with the time until the end. */
    async isRefused(owner: string, options?: Parameters<typeof ask>[1]): Promise<number> {
      const answer = await ask(owner, options);
      assert.equal(answer.status, 'held', `${owner} must not be granted ${key}`);
      return answer.heldMs;
    },
    renew: (owner: string, holdMs = longMs) => store.renew({ key, owner, holdMs }, patience),
    release: (owner: string) => store.release({ key, owner }, patience),
    leave: (waiter: string) => store.leave({ key, waiter }, patience),
  };
}

/** So many names of waiters that wake-ups would reach, were anybody listening. */
export function newWaiters({ store }: LeaseStoreSubject, count: number): string[] {
  return Array.from({ length: count }, () => `${store.waiterPrefix ?? ''}${newName()}`);
}

/**
 * Repeats a check of what lasts half a second, an offer, when it failed only after so long: then
 * it was the machine that was slow.
 */
export async function whileOffered(check: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const beganMs = performance.now();
    try {
      return await check();
    } catch (error) {
      if (tries === 10 || performance.now() - beganMs < offerMs / 2) throw error;
    }
  }
}

/** Texts that an escape, a tag, a column or an object's prototype might take for one another. */
export const oddTexts: readonly string[] = [
  'a',
  'A',
  'a:b',
  'a%3Ab',
  '__proto__',
  'constructor',
  '{a}',
  '%7Ba%7D',
  'a}:lease:',
  '}:fence',
  '{}a',
  'a}',
  'é',
  'e\u0301',
  ' ',
  'a ',
  '\u0000',
  'a\u0000',
  '\\0',
  '\\',
  "'",
  '"',
  '$$',
  '🔥',
  'a'.repeat(1_024),
  'é'.repeat(1_024),
  `${'\u3042'.repeat(1_023)}a`,
  `${'\u3042'.repeat(1_023)}b`,
];
