import { describe, expect, test } from 'vitest';
import { choose } from '../choose.js';
import { stopWith } from './fixtures.js';

const stops = [stopWith(true, 'dam'), stopWith(true, 'dike'), stopWith(true, 'levee')];

function chosen(...args: string[]) {
  const choice = choose(args, stops);
  return choice.stops?.map(({ pattern }) => pattern) ?? choice;
}

describe('the command line', () => {
  test('names nothing: the whole tour', () => {
    expect(chosen()).toEqual(['dam', 'dike', 'levee']);
  });

  test('names patterns: those, in the order of the tour', () => {
    expect(chosen('levee', 'dam', 'dam')).toEqual(['dam', 'levee']);
  });

  test('names something unknown: the list, and exit code 2', () => {
    expect(chosen('dam', 'damn')).toEqual({
      exitCode: 2,
      message: expect.stringMatching(/no pattern damn here(.|\n)*dam: the river.*\n {2}dike: /),
    });
  });

  test('has an option that is unknown: the list, and exit code 2', () => {
    expect(chosen('--loud')).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--loud'),
    });
  });

  test('asks for help: the list, and exit code 0', () => {
    expect(chosen('--help')).toMatchObject({
      exitCode: 0,
      message: expect.stringContaining('levee'),
    });
  });
});
