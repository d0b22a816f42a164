import { expect, test } from 'vitest';
import * as index from '../src/index.js';

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
