import { describe, expect, test } from 'vitest';
import { createHistory, gate } from '../src/history.js';

interface Step {
  readonly what: string;
}

describe('a history', () => {
  test('numbers its events in the order of their recording', () => {
    const history = createHistory<Step>();
    history.record({ what: 'sent' });
    history.record({ what: 'answered' });
    expect(history.events).toEqual([
      { what: 'sent', at: 0 },
      { what: 'answered', at: 1 },
    ]);
  });

  test('keeps an event as it was, whatever its writer does with it later', () => {
    const history = createHistory<{ what: string }>();
    const event = { what: 'sent' };
    const recorded = history.record(event);
    event.what = 'never sent';
    expect(recorded).toEqual({ what: 'sent', at: 0 });
    expect(Object.isFrozen(recorded)).toBe(true);
  });

  test('hands out copies, which do not grow', () => {
    const history = createHistory<Step>();
    const before = history.events;
    history.record({ what: 'sent' });
    expect(before).toEqual([]);
  });

  test('picks events without renumbering them', () => {
    const history = createHistory<Step>();
    for (const what of ['sent', 'lost', 'sent']) history.record({ what });
    expect(history.of(({ what }) => what === 'sent').map(({ at }) => at)).toEqual([0, 2]);
  });
});

describe('a gate', () => {
  test('holds everyone until it is opened, and lets latecomers through', async () => {
    const history = createHistory<Step>();
    const entrance = gate<string>();
    const early = entrance.promise.then((what) => history.record({ what: `early ${what}` }));
    await Promise.resolve();
    expect(history.events).toEqual([]);
    entrance.open('guest');
    await early;
    await entrance.promise.then((what) => history.record({ what: `late ${what}` }));
    expect(history.events.map(({ what }) => what)).toEqual(['early guest', 'late guest']);
  });

  test('opens without a value', async () => {
    const entrance = gate();
    entrance.open();
    await expect(entrance.promise).resolves.toBeUndefined();
  });

  test('that fails turns everyone away, and is no unhandled rejection when nobody waits', async () => {
    const entrance = gate();
    entrance.fail(new Error('closed today'));
    await new Promise(setImmediate);
    await expect(entrance.promise).rejects.toThrow('closed today');
  });

  test('stays as its first call left it', async () => {
    const entrance = gate<number>();
    entrance.open(1);
    entrance.open(2);
    entrance.fail(new Error('too late'));
    await expect(entrance.promise).resolves.toBe(1);
  });
});
