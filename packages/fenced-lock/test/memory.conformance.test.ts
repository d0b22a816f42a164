import { createManualClock } from '@gabion/clock/testing';
import { describe, test } from 'vitest';
import { fenceStoreLaws, leaseStoreLaws } from '../src/conformance.js';
import { memoryFenceStore, memoryLeaseStore } from '../src/index.js';

describe('the memory lease store', () => {
  const clock = createManualClock(1_700_000_000_000);
  const subject = { store: memoryLeaseStore({ clock }), advance: clock.advance };
  for (const law of leaseStoreLaws) test(law.name, () => law.check(subject));
});

describe('the memory fence store', () => {
  const store = memoryFenceStore();
  for (const law of fenceStoreLaws) test(law.name, () => law.check({ store }));
});
