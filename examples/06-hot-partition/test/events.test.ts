import { describe, expect, test } from 'vitest';
import { countEvents, createRandom, drawEvents } from '../events.js';
import { byCount } from '../tally.js';
import { quickLoad } from './stage.js';

describe('the events', () => {
  test('are the same for the same seed, and others for another', () => {
    expect(drawEvents(quickLoad)).toEqual(drawEvents(quickLoad));
    expect(drawEvents({ ...quickLoad, seed: 8 })).not.toEqual(drawEvents(quickLoad));
  });

  test('are Zipf’s: the first key has about 2^exponent times as many as the second', () => {
    const events = drawEvents({ ...quickLoad, events: 100_000, exponent: 1 });
    const counts = countEvents(events);
    const [first, second, , fourth] = byCount(counts);
    expect(first?.[0]).toBe('key-1');
    // 13 359 of them are expected, give or take 1 %; so these ratios are within 5 %.
    expect((first?.[1] as number) / (second?.[1] as number)).toBeCloseTo(2, 0);
    expect((second?.[1] as number) / (fourth?.[1] as number)).toBeCloseTo(2, 0);
  });

  test('are counted by key, each once', () => {
    expect(countEvents(['a', '__proto__', 'a'])).toEqual(
      new Map([
        ['a', 2],
        ['__proto__', 1],
      ]),
    );
  });

  test('chances are from 0 to less than 1, and even', () => {
    const random = createRandom(1);
    const chances = Array.from({ length: 10_000 }, random);
    expect(chances.every((chance) => chance >= 0 && chance < 1)).toBe(true);
    expect(chances.filter((chance) => chance < 0.25).length / 10_000).toBeCloseTo(0.25, 1);
  });
});
