import { describe, expect, test } from 'vitest';
import { until } from '../src/until.js';

describe('until', () => {
  test('resolves with the first truthy answer', async () => {
    const answers = [0, '', undefined, 'yes', 'later'];
    await expect(until(() => answers.shift(), { everyMs: 0 })).resolves.toBe('yes');
    expect(answers).toEqual(['later']);
  });

  test('takes a check that throws for one that has not come true yet', async () => {
    let looks = 0;
    const check = async () => {
      looks += 1;
      if (looks < 3) throw new Error('not yet');
      return looks;
    };
    await expect(until(check, { everyMs: 0 })).resolves.toBe(3);
  });

  test('gives up at the time-out and says what it waited for and what was thrown last', async () => {
    const check = () => {
      throw new Error('refused');
    };
    const error: unknown = await until(check, { timeoutMs: 30, what: 'the server' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      message: 'the server did not come true in 30 ms',
      cause: { message: 'refused' },
    });
  });

  test('gives up on a check that never answers', async () => {
    const never = () => new Promise<boolean>(() => undefined);
    await expect(until(never, { timeoutMs: 30 })).rejects.toThrow('in 30 ms');
  });
});
