import { describe, expect, expectTypeOf, test } from 'vitest';
import { type Policy, policies, type Simulation, simulate } from '../src/simulate.js';
import { matchers } from '../src/testing.js';
import { short } from './simulate-fixtures.js';

expect.extend(matchers);

const recovered: Simulation = {
  ...{ amplification: 1.0149, goodputPerSecond: 44.25, recoveredAfterMs: 5_000, series: [] },
};
const down: Simulation = { ...recovered, amplification: 3.987, recoveredAfterMs: null };

describe('toRecoverWithin', () => {
  test('passes when it recovered in time, and not when later or never', () => {
    expect(recovered).toRecoverWithin(5_000);
    expect(recovered).toRecoverWithin(Infinity);
    expect(recovered).not.toRecoverWithin(4_999);
    expect(down).not.toRecoverWithin(Infinity);
    expect({ ...recovered, recoveredAfterMs: 0 }).toRecoverWithin(0);
  });

  test('says what was found', () => {
    expect(() => expect(recovered).toRecoverWithin(4_000)).toThrow(
      'expected the simulation to recover within 4000 ms of the end of the fault, but it did in ' +
        '5000 ms (1.01 attempts a call, 44.3 successes a second)',
    );
    expect(() => expect(down).toRecoverWithin(4_000)).toThrow(
      'but it had not when it ended (3.99 attempts a call, 44.3 successes a second)',
    );
    expect(() => expect(recovered).not.toRecoverWithin(9_000)).toThrow(
      'expected the simulation not to recover within 9000 ms of the end of the fault',
    );
  });

  test('takes what simulate resolves with', async () => {
    const watch = { ...short, watchMs: 60_000 };
    expect(await simulate({ ...watch, policy: policies.success })).toRecoverWithin(40_000);
    await expect(simulate({ ...watch, policy: policies.naive })).resolves.not.toRecoverWithin(
      60_000,
    );
  });

  test('refuses what is no simulation, and no duration', () => {
    const matched = (simulation: unknown, ms: unknown) => () =>
      matchers.toRecoverWithin(simulation as Simulation, ms as number);
    expect(matched(Promise.resolve(recovered), 1)).toThrow(
      new TypeError(
        'toRecoverWithin: must be given what simulate resolves with, got a promise: await it',
      ),
    );
    expect(matched(undefined, 1)).toThrow('resolves with, got undefined');
    expect(matched({}, 1)).toThrow('resolves with, got an object');
    expect(matched(recovered, -1)).toThrow(RangeError);
    expect(matched(recovered, '1')).toThrow(TypeError);
    expect(matched(recovered, Number.NaN)).toThrow(
      'toRecoverWithin: ms must be a number of at least 0',
    );
  });

  test('is plain: it works without a runner', () => {
    const { pass, message } = matchers.toRecoverWithin(recovered, 1);
    expect(pass).toBe(false);
    expect(message()).toContain('recover within 1 ms');
  });

  test('is typed, for vitest and for Jest', () => {
    expectTypeOf(expect(recovered).toRecoverWithin).toEqualTypeOf<(ms: number) => void>();
    expectTypeOf<jest.Matchers<void, Simulation>['toRecoverWithin']>().parameters.toEqualTypeOf<
      [ms: number]
    >();
    // @ts-expect-error: a duration is a number.
    expect(() => expect(recovered).toRecoverWithin('1 s')).toThrow(TypeError);
    expectTypeOf(policies.naive).toExtend<Policy>();
  });
});
