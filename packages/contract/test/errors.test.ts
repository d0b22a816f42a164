import { describe, expect, test } from 'vitest';
import {
  CodedError,
  LeaseLostError,
  type LeaseLostReason,
  ReentrantCallError,
  StoreFullError,
  StoreLayoutError,
  StoreUnavailableError,
  TooManyWaitersError,
} from '../src/index.js';

const cause = new Error('the socket closed');

const errors: [string, string, CodedError][] = [
  ['CodedError', 'ANY_CODE', new CodedError('CodedError', 'ANY_CODE', 'message', { cause })],
  [
    'StoreUnavailableError',
    'STORE_UNAVAILABLE',
    new StoreUnavailableError('message', 'none', { cause }),
  ],
  ['StoreLayoutError', 'STORE_LAYOUT', new StoreLayoutError('message', { cause })],
  ['StoreFullError', 'STORE_FULL', new StoreFullError('message', { cause })],
  ['ReentrantCallError', 'REENTRANT_CALL', new ReentrantCallError('message', { cause })],
  ['LeaseLostError', 'LEASE_LOST', new LeaseLostError('message', 'deadline', { cause })],
  ['TooManyWaitersError', 'TOO_MANY_WAITERS', new TooManyWaitersError('message', { cause })],
];

describe.each(errors)('%s', (name, code, error) => {
  test('is an Error that is told apart by its code', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(CodedError);
    expect([error.name, error.code, error.message]).toEqual([name, code, 'message']);
    expect(String(error)).toBe(`${name}: message`);
  });

  test('keeps its cause, and has a stack that begins where it was made', () => {
    expect(error.cause).toBe(cause);
    expect(error.stack).toContain('errors.test.ts');
  });
});

test('a failure without a cause has no such property, as with Error', () => {
  expect('cause' in new StoreUnavailableError('message', 'none')).toBe(false);
});

test.each(['none', 'unknown'] as const)(
  'STORE_UNAVAILABLE says that its effect is %s',
  (effect) => {
    expect(new StoreUnavailableError('message', effect).effect).toBe(effect);
  },
);

test('LEASE_LOST says why', () => {
  const reasons: LeaseLostReason[] = ['deadline', 'stolen', 'missing', 'released'];
  const said = reasons.map((reason) => new LeaseLostError('message', reason).reason);
  expect(said).toEqual(reasons);
});
