import { describe, expect, test } from 'vitest';
import { createMailbox } from '../src/mailbox.js';

const any = () => true;

describe('a mailbox', () => {
  test('keeps what comes early and hands it out in order', async () => {
    const box = createMailbox<string>('line');
    box.post('first');
    box.post('second');
    expect([await box.next(any, 1_000), await box.next(any, 1_000)]).toEqual(['first', 'second']);
  });

  test('leaves what a reader does not want to the next one', async () => {
    const box = createMailbox<string>('line');
    box.post('noise');
    box.post('ready');
    expect(await box.next((line) => line === 'ready', 1_000)).toBe('ready');
    expect(await box.next(any, 1_000)).toBe('noise');
  });

  test('gives one letter to one waiter, also when two letters come at once', async () => {
    const box = createMailbox<string>('line');
    const both = Promise.all([box.next(any, 1_000), box.next(any, 1_000)]);
    box.post('first');
    box.post('second');
    expect(await both).toEqual(['first', 'second']);
  });

  test('gives up at the time-out, and the letter that comes later is not lost', async () => {
    const box = createMailbox<string>('line');
    await expect(box.next(any, 5)).rejects.toThrow('no such line in 5 ms');
    box.post('late');
    expect(await box.next(any, 1_000)).toBe('late');
  });

  test('that is closed still hands out what it has, then says why there is no more', async () => {
    const box = createMailbox<string>('line');
    box.post('last words');
    const waiting = box.next((line) => line === 'never', 1_000);
    box.close(() => new Error('the child ended'));
    await expect(waiting).rejects.toThrow('the child ended');
    expect(await box.next(any, 1_000)).toBe('last words');
    await expect(box.next(any, 1_000)).rejects.toThrow('the child ended');
  });
});
