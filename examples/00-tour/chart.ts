import { plot } from 'simple-ascii-chart';
import { type Ink, type Paper, paint, wrap } from './paper.js';
import { ticks } from './scale.js';
import type { Chart, Point } from './stop.js';

const rows = 7;
/** What stands beside the area: the figures and the axis, and half of the last label below. */
const beside = 10;

/** Draws both series, one below the other and to the same scale, so that no colour is needed. */
export function drawChart({ title, axis, ...series }: Chart, paper: Paper): string {
  const all = [...series.without, ...series.with];
  const end = Math.max(...all.map(([x]) => x));
  const height = ticks(Math.max(...all.map(([, y]) => y)), 5);
  const width = paper.columns - beside;
  const draw = (points: readonly Point[], ink: Ink) => {
    const drawn = plot(sample(points, end, width), {
      width,
      height: rows,
      yRange: [0, height.at(-1) as number],
      customYAxisTicks: height,
      customXAxisTicks: ticks(end, 5).filter((x) => x <= end),
      fillArea: true,
    });
    // Not by the library, which would colour each character by itself.
    return trim(drawn).replaceAll(/█+/g, (area) => paint(paper, ink, area));
  };
  return [
    paint(paper, 'bold', wrap(title, paper.columns)),
    `\nwithout\n${draw(series.without, 'red')}`,
    `\nwith\n${draw(series.with, 'green')}  ${axis}`,
  ].join('\n');
}

/** How high the area is at each column: the last point at or before it counts. */
function sample(points: readonly Point[], end: number, columns: number): [number, number][] {
  const sorted = points.toSorted(([a], [b]) => a - b);
  let next = 0;
  let y = 0;
  return Array.from({ length: columns }, (_, i) => {
    const x = (end * i) / (columns - 1);
    for (; next < sorted.length && sorted[next]![0] <= x; next += 1) y = sorted[next]![1];
    return [x, y];
  });
}

/** The library fills lines up with blanks, and puts empty ones around. */
function trim(drawn: string): string {
  const lines = drawn.split('\n').map((line) => line.trimEnd());
  return lines.filter((line) => line !== '').join('\n');
}
