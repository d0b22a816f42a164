import { describe, expect, test } from 'vitest';
import { createSalter, type SalterOptions } from '../src/salting.js';
import { createStillHotKeys, ringOf } from './salting-fixtures.js';

const good: SalterOptions = { ring: ringOf(3), hot: createStillHotKeys() };
const config = { version: 0, readSalts: 4, writeSalts: 4 };

const wrongValues: [keyof SalterOptions, unknown[]][] = [
  ['maxSalts', [0, -1, 1.5, 4_097, Number.NaN]],
  ['headroom', [-0.1, Number.NaN, Number.POSITIVE_INFINITY]],
  ['enterShare', [-0.1, 1.1, Number.NaN]],
  ['leaveShare', [-0.1, 1.1, Number.NaN]],
  ['enterWeight', [-1, Number.NaN, Number.POSITIVE_INFINITY]],
  ['separator', ['', 'a1', '7', 'x'.repeat(17)]],
  [
    'config',
    [
      { ...config, version: -1 },
      { ...config, readSalts: 0 },
      { ...config, writeSalts: 17 },
      { ...config, readSalts: { key: 17 } },
      { ...config, readSalts: { 'key#7': 2 } },
    ],
  ],
];

const wrongTypes: [keyof SalterOptions, unknown[]][] = [
  ['ring', [undefined, null, 'ring', {}, { nodesFor: () => [] }]],
  ['hot', [null, {}, 'hot']],
  ['maxSalts', ['16', null]],
  ['headroom', ['0.1']],
  ['enterShare', ['0.1']],
  ['leaveShare', ['0.1']],
  ['enterWeight', ['30']],
  ['separator', [35]],
  ['config', ['config', { ...config, readSalts: [4] }, { ...config, writeSalts: { key: '4' } }]],
  ['random', [0.5, null]],
];

describe('the options of a salter', () => {
  test.each(wrongValues)(
    '%s of the wrong value is a RangeError that names it',
    (option, values) => {
      for (const value of values) {
        const create = () => createSalter({ ...good, [option]: value });
        expect(create).toThrow(RangeError);
        expect(create).toThrow(new RegExp(`^createSalter: .*${option}`));
      }
    },
  );

  test.each(wrongTypes)('%s of the wrong type is a TypeError that names it', (option, values) => {
    for (const value of values.filter((one) => one !== null || option !== 'maxSalts')) {
      const create = () => createSalter({ ...good, [option]: value });
      expect(create).toThrow(TypeError);
      expect(create).toThrow(new RegExp(`^createSalter: .*${option}`));
    }
  });

  test('leaveShare is at most enterShare', () => {
    expect(() => createSalter({ ...good, enterShare: 0.2, leaveShare: 0.3 })).toThrow(
      'createSalter: leaveShare must be a number from 0 to 0.2, got 0.3',
    );
    expect(() => createSalter({ ...good, enterShare: 0.2, leaveShare: 0.2 })).not.toThrow();
  });

  test('a leaveShare alone lifts the share to enter at', () => {
    const hot = createStillHotKeys(1_000);
    const salter = createSalter({ ring: ringOf(10), hot, leaveShare: 0.3 });
    hot.record('key', 250);
    for (let i = 0; i < 750; i += 1) hot.record(`rest-${i}`);
    expect(salter.factors()).toEqual({});
    hot.record('key', 250);
    expect(Object.keys(salter.factors())).toEqual(['key']);
  });

  test('by default there are 16 salts, and # before each but the first', () => {
    const salter = createSalter({ ring: ringOf(3) });
    expect(salter.config).toEqual({ version: 0, readSalts: 16, writeSalts: 16 });
    expect(salter.keysForRead('key').at(-1)).toBe('key#15');
  });

  test('a configuration is copied, so nobody changes it from outside', () => {
    const salts: Record<string, number> = { key: 2 };
    const salter = createSalter({
      ...good,
      config: { version: 0, readSalts: salts, writeSalts: salts },
    });
    salts['key'] = 9;
    expect(salter.keysForRead('key')).toEqual(['key', 'key#1']);
    expect(Object.isFrozen(salter.config)).toBe(true);
  });

  test('an id is a text of 1 to 1 024 characters', () => {
    const salter = createSalter({ ring: ringOf(3) });
    for (const verb of ['keyForWrite', 'keyForReplicatedRead'] as const) {
      expect(() => salter[verb]('key', { id: 7 as never })).toThrow(TypeError);
      expect(() => salter[verb]('key', { id: '' })).toThrow(`${verb}: id must have 1 to 1024`);
    }
  });
});
