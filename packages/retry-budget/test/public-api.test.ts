import { expect, test } from 'vitest';
import * as index from '../src/index.js';
import * as simulation from '../src/simulate.js';
import * as testing from '../src/testing.js';

function names(entry: object): string[] {
  return Object.keys(entry).sort();
}

test('. exports the retrier, its parts and its pool', () => {
  expect(names(index)).toEqual([
    'AttemptTimeoutError',
    'GateClosedError',
    'additiveJitter',
    'classify',
    'createRetrier',
    'createRetrierPool',
    'createRetryBudget',
    'createRetryGate',
    'custom',
    'decorrelatedJitter',
    'equalJitter',
    'exponential',
    'fullJitter',
    'retryInfo',
    'seededRandom',
  ]);
});

test('./simulate exports the simulator and its policies', () => {
  expect(names(simulation)).toEqual(['policies', 'simulate']);
});

test('./testing exports the matchers', () => {
  expect(names(testing)).toEqual(['matchers']);
  expect(names(testing.matchers)).toEqual(['toRecoverWithin']);
});
