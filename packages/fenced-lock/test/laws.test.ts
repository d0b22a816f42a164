import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import { fenceStoreLaws, type Law, leaseStoreLaws } from '../src/conformance.js';
import { brokenFences, fenceStoreOf } from './broken-fences.js';
import { brokenLeases } from './broken-leases.js';
import { type Parts, storeOf } from './broken-stores.js';

/** Whether the law is broken; by an assertion of its own, and not by a mistake of the test. */
async function isBroken<Subject>(law: Law<Subject>, subject: Subject): Promise<boolean> {
  const failure = await law.check(subject).catch((error: Error) => error);
  if (failure !== undefined) expect(failure.name).toBe('AssertionError');
  return failure !== undefined;
}

async function leaseLawsBrokenBy(parts: Partial<Parts>): Promise<string[]> {
  const broken: string[] = [];
  for (const law of leaseStoreLaws) {
    const clock = createManualClock(1_700_000_000_000);
    const subject = { store: storeOf(clock, parts), advance: clock.advance };
    if (await isBroken(law, subject)) broken.push(law.name);
  }
  return broken;
}

async function fenceLawsBrokenBy(parts: Parameters<typeof fenceStoreOf>[0]): Promise<string[]> {
  const broken: string[] = [];
  for (const law of fenceStoreLaws) {
    if (await isBroken(law, { store: fenceStoreOf(parts) })) broken.push(law.name);
  }
  return broken;
}

describe('the law of a lease store', () => {
  test.each(brokenLeases)('"%s" is broken by a store that %s', async (law, _, parts) => {
    expect(await leaseLawsBrokenBy(parts)).toContain(law);
  });

  test.each(leaseStoreLaws.map(({ name }) => name))('"%s" can be broken', (name) => {
    expect(brokenLeases.map(([law]) => law)).toContain(name);
  });

  test('is not broken by the store that the broken ones are made of', async () => {
    expect(await leaseLawsBrokenBy({})).toEqual([]);
  });
});

describe('the law of a fence store', () => {
  test.each(brokenFences)('"%s" is broken by a store that %s', async (law, _, parts) => {
    expect(await fenceLawsBrokenBy(parts)).toContain(law);
  });

  test.each(fenceStoreLaws.map(({ name }) => name))('"%s" can be broken', (name) => {
    expect(brokenFences.map(([law]) => law)).toContain(name);
  });

  test('is not broken by the store that the broken ones are made of', async () => {
    expect(await fenceLawsBrokenBy({})).toEqual([]);
  });
});
