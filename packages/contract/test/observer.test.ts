import { describe, expect, test } from 'vitest';
import { notify } from '../src/index.js';

interface Observer {
  happened?(event: { readonly what: string }): unknown;
}

const event = { what: 'a test' };

describe('notify', () => {
  test('hands the event to the listener, as a method of its observer', () => {
    const heard: unknown[] = [];
    const observer: Observer = {
      happened(event) {
        heard.push(this, event);
      },
    };
    notify(observer, 'happened', event);
    expect(heard).toEqual([observer, event]);
    expect(heard[1]).toBe(event);
  });

  test('tells nobody where there is no observer, or no listener', () => {
    expect(notify<Observer, 'happened'>(undefined, 'happened', event)).toBeUndefined();
    expect(notify<Observer, 'happened'>({}, 'happened', event)).toBeUndefined();
  });

  test('goes on when the listener throws, or is none', () => {
    const thrower: Observer = {
      happened: () => {
        throw new Error('the observer is broken');
      },
    };
    expect(notify(thrower, 'happened', event)).toBeUndefined();
    const stray = { happened: 'a text' } as unknown as Observer;
    expect(notify(stray, 'happened', event)).toBeUndefined();
  });

  test('goes on when reading the listener throws', () => {
    const observer: Observer = {
      get happened(): never {
        throw new Error('the observer is broken');
      },
    };
    expect(notify(observer, 'happened', event)).toBeUndefined();
  });

  test('goes on when the listener rejects, and leaves no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    notify<Observer, 'happened'>(
      { happened: async () => Promise.reject(new Error('the observer is broken')) },
      'happened',
      event,
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
