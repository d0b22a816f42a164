import { describe, expect, test } from 'vitest';
import { findViolations, type LockEvent } from './history.js';

const asked = (ask: number): LockEvent => ({ kind: 'asked', ask });
const granted = (ask: number, fence: number, key = 'k'): LockEvent => ({
  kind: 'granted',
  ask,
  key,
  fence,
});
const held = (fence: number, key = 'k'): LockEvent => ({ kind: 'held', key, fence });
const ended = (fence: number): LockEvent => ({ kind: 'ended', key: 'k', fence });
const writing = (fence: number): LockEvent => ({ kind: 'writing', fence });
const wrote = (fence: number): LockEvent => ({ kind: 'wrote', fence });

describe('the history checker', () => {
  test('passes a hand-over, an abandoned ask and overlapping asks', () => {
    const history = [
      asked(1),
      asked(2),
      asked(3),
      granted(1, 5),
      held(5),
      ended(5),
      granted(2, 4, 'other'),
      granted(3, 9),
      held(9),
      held(4, 'other'),
    ];
    expect(findViolations(history)).toEqual([]);
  });

  test.each<[string, LockEvent[], string]>([
    ['a fence granted twice', [asked(1), asked(2), granted(1, 5), granted(2, 5)], 'twice'],
    ['a fence that goes back', [asked(1), granted(1, 5), asked(2), granted(2, 4)], '4 after 5'],
    [
      'a fence that goes back on another key',
      [asked(1), granted(1, 5), asked(2), granted(2, 4, 'other')],
      '4 after 5',
    ],
    [
      'two holders',
      [asked(1), granted(1, 5), asked(2), granted(2, 6), held(5)],
      '5 is held beside 6',
    ],
    ['a holder after its end', [asked(1), granted(1, 5), ended(5), held(5)], 'after its end'],
    [
      'a stale write that is accepted',
      [writing(6), wrote(6), writing(5), wrote(5)],
      '5 wrote over 6',
    ],
  ])('finds %s', (_, history, violation) => {
    expect(findViolations(history).join()).toContain(violation);
  });

  test('a write that was under way already may land on either side', () => {
    expect(findViolations([writing(5), writing(6), wrote(6), wrote(5)])).toEqual([]);
  });

  test('where the store may forget, two may hold, but no fence may go back', () => {
    const forgot = [asked(1), granted(1, 5), asked(2), granted(2, 6), held(5)];
    expect(findViolations(forgot, { forgets: true })).toEqual([]);
    const wentBack = [asked(1), granted(1, 5), asked(2), granted(2, 5)];
    expect(findViolations(wentBack, { forgets: true })).not.toEqual([]);
  });
});
