import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import { bucketStoreLaws } from '../src/conformance.js';
import { memoryBucketStore } from '../src/memory.js';
import { type Break, brokenStores } from './broken-stores.js';

/** The laws that a store breaks. */
async function brokenBy(breaks: Break): Promise<string[]> {
  const broken: string[] = [];
  for (const law of bucketStoreLaws) {
    const clock = createManualClock(1_700_000_000_000);
    const store = breaks(memoryBucketStore({ clock }));
    await law.check({ store, advance: clock.advance }).catch((error: Error) => {
      // An assertion of the law, and not a mistake of the test.
      expect(error.name).toBe('AssertionError');
      broken.push(law.name);
    });
  }
  return broken;
}

describe('the law', () => {
  test.each(brokenStores)('"%s" is broken by a store that %s', async (law, _, breaks) => {
    expect(await brokenBy(breaks)).toContain(law);
  });

  test.each(bucketStoreLaws.map(({ name }) => name))('"%s" can be broken', (name) => {
    expect(brokenStores.map(([law]) => law)).toContain(name);
  });

  test('is not broken by the store that the broken ones are made of', async () => {
    expect(await brokenBy((sound) => sound)).toEqual([]);
  });
});
