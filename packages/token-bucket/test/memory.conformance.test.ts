import { createManualClock } from '@gabion/clock/testing';
import { describe, test } from 'vitest';
import { bucketStoreLaws } from '../src/conformance.js';
import { memoryBucketStore } from '../src/memory.js';

describe('the memory store', () => {
  const clock = createManualClock(1_700_000_000_000);
  const subject = { store: memoryBucketStore({ clock }), advance: clock.advance };
  for (const law of bucketStoreLaws) test(law.name, () => law.check(subject));
});
