import { expect, test } from 'vitest';
import { describeGate, type Gate, holds } from '../src/gate.js';

const gate = (must: Gate['must'], figure: number): Gate => {
  return { name: 'the ratio', figure, must, limit: 1.25 };
};

test('a limit itself is at most and at least itself, and not above itself', () => {
  const verdicts = (['at most', 'at least', 'above'] as const).map((must) =>
    holds(gate(must, 1.25)),
  );
  expect(verdicts).toEqual([true, true, false]);
});

test('each bound has its side', () => {
  expect([holds(gate('at most', 1.2)), holds(gate('at most', 1.3))]).toEqual([true, false]);
  expect([holds(gate('at least', 1.2)), holds(gate('at least', 1.3))]).toEqual([false, true]);
  expect([holds(gate('above', 1.2)), holds(gate('above', 1.3))]).toEqual([false, true]);
});

test('what is not a number keeps to no limit', () => {
  const all = (['at most', 'at least', 'above'] as const).map((must) => holds(gate(must, NaN)));
  expect(all).toEqual([false, false, false]);
});

test('a gate is described by its figure, its limit and its verdict', () => {
  expect(describeGate(gate('at most', 1.08333))).toBe(
    'met: the ratio is 1.083, at most 1.25 is wanted',
  );
  expect(describeGate(gate('at most', 1.4))).toMatch(/^MISSED: the ratio is 1\.4,/);
});
