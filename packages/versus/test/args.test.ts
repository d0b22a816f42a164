import { expect, test } from 'vitest';
import { parseOptions } from '../src/args.js';

test('a pattern alone is measured thoroughly and in full', () => {
  const { pattern, only, settings, json, markdown } = parseOptions(['token-bucket']);
  expect([pattern, only, json, markdown]).toEqual(['token-bucket', [], undefined, undefined]);
  expect(settings).toMatchObject({ rounds: 9, manyKeys: 1_000_000 });
});

test('--quick is shorter, and --rounds wins over it', () => {
  const { settings } = parseOptions(['token-bucket', '--quick', '--rounds', '5']);
  expect(settings.rounds).toBe(5);
  expect(settings.sampleMs).toBeLessThan(50);
});

test('--only may be given several times; files are named', () => {
  const args = ['--only', 'redis', 'x', '--only', 'hot-key', '--json', 'a', '--markdown', 'b'];
  expect(parseOptions(args)).toMatchObject({
    pattern: 'x',
    only: ['redis', 'hot-key'],
    json: 'a',
    markdown: 'b',
  });
});

test.each([[[]], [['a', 'b']], [['a', '--rounds', '0']], [['a', '--rounds', '1.5']]])(
  '%j is refused',
  (args) => {
    expect(() => parseOptions(args)).toThrow(RangeError);
  },
);

test('an option that is not there is refused', () => {
  expect(() => parseOptions(['a', '--fast'])).toThrow(TypeError);
});
