import { beforeEach, describe, expect, test } from 'vitest';
import { type Fault, faultyVerbs } from '../src/index.js';

/** A store that writes down what it was asked, in the order of asking. */
class Counter {
  readonly asked: string[] = [];
  private total = 0;

  async add(amount: number): Promise<number> {
    this.asked.push(`add ${amount}`);
    this.total += amount;
    return this.total;
  }

  async read(): Promise<number> {
    this.asked.push('read');
    return this.total;
  }
}

let counter: Counter;
beforeEach(() => {
  counter = new Counter();
});

const noClock = { sleep: () => Promise.reject(new Error('nothing here is late')) };

function faultyCounter(script: readonly Fault[], clock = noClock) {
  return faultyVerbs(counter, ['add'], script, { lateMs: 700, clock });
}

describe('faultyVerbs', () => {
  test('ok: the call takes effect and answers', async () => {
    expect(await faultyCounter(['ok']).add(2)).toBe(2);
  });

  test('fail: nothing happens, and the error says so', async () => {
    const error = { code: 'STORE_UNAVAILABLE', effect: 'none' };
    await expect(faultyCounter(['fail']).add(2)).rejects.toMatchObject(error);
    expect(counter.asked).toEqual([]);
  });

  test('lost-reply: it takes effect, and the error does not know', async () => {
    const error = { code: 'STORE_UNAVAILABLE', effect: 'unknown' };
    await expect(faultyCounter(['lost-reply']).add(2)).rejects.toMatchObject(error);
    expect(await counter.read()).toBe(2);
  });

  test('late: it takes effect at once, and answers after lateMs', async () => {
    const history: string[] = [];
    let wake = () => {};
    const clock = {
      sleep(ms: number) {
        history.push(`asleep for ${ms}`);
        return new Promise<void>((resolve) => {
          wake = resolve;
        });
      },
    };
    const answered = faultyVerbs(counter, ['add'], ['late'], { lateMs: 700, clock })
      .add(2)
      .then((total) => history.push(`answered ${total}`));
    await new Promise((resolve) => setImmediate(resolve));
    history.push(`counted ${await counter.read()}`);
    wake();
    await answered;
    expect(history).toEqual(['asleep for 700', 'counted 2', 'answered 2']);
  });

  test('one fault befalls one call, in the order of the calls, and then all is well', async () => {
    const faulty = faultyCounter(['fail', 'ok', 'lost-reply']);
    const calls = [1, 10, 100, 1_000, 10_000].map((amount) => faulty.add(amount));
    const ends = (await Promise.allSettled(calls)).map(({ status }) => status);
    expect(ends).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(counter.asked).toEqual(['add 10', 'add 100', 'add 1000', 'add 10000']);
  });

  test('all verbs that are named draw on one script, and the others are left alone', async () => {
    const both = faultyVerbs(counter, ['add', 'read'], ['ok', 'fail']);
    expect(await both.add(1)).toBe(1);
    await expect(both.read()).rejects.toThrow('faulty: read was made to fail');
    const one = faultyVerbs(counter, ['add'], ['fail']);
    expect(await one.read()).toBe(1);
    await expect(one.add(1)).rejects.toThrow('faulty: add was made to fail');
  });

  test('the store itself stays as it was, and its own errors come through', async () => {
    const faulty = faultyVerbs(counter, ['add'], ['fail']);
    expect(await counter.add(3)).toBe(3);
    expect(faulty).not.toBe(counter);
    const broken = { add: async () => Promise.reject(new RangeError('its own')) };
    await expect(faultyVerbs(broken, ['add'], ['lost-reply']).add()).rejects.toThrow(RangeError);
  });
});
