import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawChart } from '../chart.js';
import { shift, wrap } from '../paper.js';
import { opening, report } from '../report.js';
import { ticks } from '../scale.js';
import { summary } from '../summary.js';
import { findings, stopWith } from './fixtures.js';

const esc = '\u001B';
const plain = { columns: 100, coloured: false };
const coloured = { columns: 100, coloured: true };
const widest = (text: string) => Math.max(...text.split('\n').map((line) => [...line].length));
const withoutColours = (text: string) => text.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), '');

describe('a report', () => {
  test('tells the time-line, the figures and the promises in this order', () => {
    const text = report(findings(), plain);
    const places = ['0.0 s  all is well', '1.3 s  the flood', 'houses that', 'wet cellars', '✔'];
    const at = places.map((place) => text.indexOf(place));
    expect(at).not.toContain(-1);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
  });

  test('says the same with colours and without', () => {
    const outcomes = [{ stop: { pattern: 'dam' }, findings: findings(false), tookMs: 1 }];
    for (const show of [
      (paper: typeof plain) => opening(stopWith(true), paper),
      (paper: typeof plain) => report(findings(false), paper),
      (paper: typeof plain) => summary(outcomes, paper),
    ]) {
      expect(show(plain)).not.toContain(esc);
      expect(show(coloured)).toContain(esc);
      expect(withoutColours(show(coloured))).toBe(show(plain));
    }
  });

  test('stays within its columns', () => {
    for (const columns of [80, 100]) {
      const paper = { columns, coloured: false };
      const outcomes = [{ stop: { pattern: 'token-bucket' }, findings: findings(), tookMs: 1 }];
      const texts = [opening(stopWith(true), paper), report(findings(), paper)];
      for (const text of [...texts, summary(outcomes, paper)]) {
        expect(widest(text)).toBeLessThanOrEqual(columns);
      }
    }
  });
});

describe('a chart', () => {
  const areas = (text: string) =>
    text.split(/^(?:without|with)$/m).map((part) => [...part].filter((c) => c === '█').length);

  test('draws both series to the same scale', () => {
    const { chart } = findings();
    const [, without, limited] = areas(drawChart(chart, plain));
    expect(without).toBeGreaterThan(0);
    expect(limited).toBeGreaterThan(1.5 * without!);
  });

  test('can be drawn of any points, and stays within its columns', () => {
    const point = fc.tuple(fc.nat(10_000), fc.nat(1_000_000));
    const series = fc.array(point, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        series,
        series,
        fc.integer({ min: 72, max: 100 }),
        (without, limited, columns) => {
          const chart = { title: 'any', axis: 'x', without, with: limited };
          const text = drawChart(chart, { columns, coloured: false });
          expect(widest(text)).toBeLessThanOrEqual(columns);
          expect(text).toMatch(/without(.|\n)*with/);
        },
      ),
    );
  });

  test('has round figures on its axes, up to the highest point', () => {
    expect(ticks(221, 5)).toEqual([0, 50, 100, 150, 200, 250]);
    expect(ticks(3.7, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(ticks(0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(ticks(1, 1)).toEqual([0, 1]);
  });

  test('has few ticks, whatever the highest point is', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (most) => {
        const found = ticks(most, 5);
        expect(found.length).toBeGreaterThanOrEqual(2);
        expect(found.length).toBeLessThanOrEqual(6);
        expect(found.at(-1)).toBeGreaterThanOrEqual(most * 0.99);
      }),
    );
  });
});

describe('text', () => {
  test('is broken between words, and nothing of it is lost', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1 }),
        fc.integer({ min: 20, max: 60 }),
        (words, n) => {
          const text = wrap(words.join(' '), n, 4);
          expect(text.split(/\s+/)).toEqual(words);
          expect(widest(text)).toBeLessThanOrEqual(n);
        },
      ),
    );
  });

  test('is moved to the right, but not its empty lines', () => {
    expect(shift('a\n\nb')).toBe('  a\n\n  b');
  });
});
