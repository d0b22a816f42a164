import { expect, test } from 'vitest';
import * as index from '../src/index.js';
import * as testing from '../src/testing.js';

test('. exports the system clock', () => {
  expect(Object.keys(index).sort()).toEqual(['systemClock']);
});

test('./testing exports the clock for tests', () => {
  expect(Object.keys(testing).sort()).toEqual(['createManualClock']);
});
