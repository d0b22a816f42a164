import { describe, expect, it } from 'vitest';
import { parse } from '../repository.js';
import { isNamed, namePattern, numberOf, testsIn } from '../test-names.js';

const tests = testsIn(
  parse(
    'a.test.ts',
    `describe('1. Exact', () => {
  it('admits a + b (always)', () => {});
  describe.each([1])('at %i/s', () => test.each([2])(\`costs \${1} > 0\`, () => {}));
});
for (const law of laws) it(law.name, () => {});
if (/a/.test('b')) iterate.it('no test');`,
  ),
);

describe('the tests of a file', () => {
  it('are found with the titles of the blocks around them', () => {
    expect(tests.map(({ titles, line }) => [line, ...titles.map(({ text }) => text)])).toEqual([
      [2, '1. Exact', 'admits a + b (always)'],
      [3, '1. Exact', 'at …/s', 'costs … > 0'],
      [5, '…'],
    ]);
  });

  it.each([
    '1. Exact > admits a + b (always)',
    '1. Exact admits a + b (always)',
    '1. Exact > at 7/s > costs 3 > 0',
    'a refusal takes nothing',
  ])('include "%s"', (name) => {
    expect(isNamed(name, tests, ['a refusal takes nothing'])).toBe(true);
  });

  it.each([
    'admits a + b (always)',
    '1. Exact > admits aa + b (always)',
    '1. Exact > admits a + b',
    'a refusal takes',
  ])('do not include "%s"', (name) => {
    expect(isNamed(name, tests, ['a refusal takes nothing'])).toBe(false);
  });

  it('include no name from elsewhere where there is none', () => {
    expect(isNamed('', tests, [])).toBe(false);
  });
});

it('the pattern of a name matches it alone, however its titles are joined', () => {
  const pattern = new RegExp(namePattern('1. Exact > a + b?'));
  const names = ['1. Exact a + b?', '1. Exact > a + b?', '1. Exact a + b', 'x 1. Exact a + b?'];
  expect(names.map((name) => pattern.test(name))).toEqual([true, true, false, false]);
});

it('a number at the start of a title is that of a promise', () => {
  expect(['1. Exact', '12. Last', '2 limits', 'Exact 1. '].map(numberOf)).toEqual([
    1,
    12,
    undefined,
    undefined,
  ]);
});
