import { describe, expect, test } from 'vitest';
import { createCallContext } from '../src/index.js';

const later = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

describe('a context, where the runtime can follow a call', () => {
  test('says so', () => {
    expect(createCallContext().supported).toBe(true);
  });

  test('has no value outside of every run', () => {
    expect(createCallContext<number>().current()).toBeUndefined();
  });

  test('has the value in the call, and gives back what the call returned', () => {
    const context = createCallContext<string>();
    expect(context.run('a', () => `in ${context.current()}`)).toBe('in a');
    expect(context.current()).toBeUndefined();
  });

  test('has it after awaits, in timers and in callbacks that began inside', async () => {
    const context = createCallContext<string>();
    const seen: (string | undefined)[] = [];
    const look = () => void seen.push(context.current());
    await context.run('a', async () => {
      await later();
      look();
      await Promise.all([
        later().then(look),
        new Promise<void>((r) => queueMicrotask(r)).then(look),
      ]);
      await new Promise<void>((resolve) => {
        setTimeout(() => {
          look();
          resolve();
        }, 1);
      });
    });
    expect(seen).toEqual(['a', 'a', 'a', 'a']);
  });

  test('has that of the innermost run, and the outer one again after it', () => {
    const context = createCallContext<string>();
    const seen = context.run('outer', () => [
      context.current(),
      context.run('inner', () => context.current()),
      context.current(),
    ]);
    expect(seen).toEqual(['outer', 'inner', 'outer']);
  });

  test('keeps calls beside each other apart', async () => {
    const context = createCallContext<number>();
    const calls = [1, 2, 3].map((value) =>
      context.run(value, async () => {
        await later();
        return context.current();
      }),
    );
    expect(await Promise.all(calls)).toEqual([1, 2, 3]);
  });

  test('is not seen by another context', () => {
    const one = createCallContext<string>();
    const other = createCallContext<string>();
    expect(one.run('a', () => other.current())).toBeUndefined();
  });

  test('can have any value, and undefined is as none', () => {
    const context = createCallContext<unknown>();
    for (const value of [0, '', false, null, undefined]) {
      expect(context.run(value, () => context.current())).toBe(value);
    }
  });

  test('lets through what the call throws, and is outside again', () => {
    const context = createCallContext<string>();
    const error = new Error('inside');
    const fail = () => {
      throw error;
    };
    expect(() => context.run('a', fail)).toThrow(error);
    expect(context.current()).toBeUndefined();
  });

  test('stays with what was left running after the run is over', async () => {
    const context = createCallContext<string>();
    let left: Promise<string | undefined> | undefined;
    context.run('a', () => {
      left = later().then(() => context.current());
    });
    expect(context.current()).toBeUndefined();
    expect(await left).toBe('a');
  });
});
