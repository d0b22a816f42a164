import { expect, test } from 'vitest';
import * as index from '../src/index.js';
import * as testing from '../src/testing.js';

test('. exports the system clock and the deadline of a lease', () => {
  expect(Object.keys(index).sort()).toEqual([
    'leaseDeadline',
    'leaseRemainingMs',
    'readMoment',
    'systemClock',
  ]);
});

test('./testing exports the clock for tests', () => {
  expect(Object.keys(testing).sort()).toEqual(['createManualClock']);
});
