import Table from 'cli-table3';
import { drawChart } from './chart.js';
import { type Paper, paint, shift, wrap } from './paper.js';
import type { Figure, Findings, Moment, TourStop, Verdict } from './stop.js';

/** What is read before a stop begins to measure. */
export function opening({ pattern, title, story }: TourStop, paper: Paper): string {
  const rule = '─'.repeat(Math.max(0, paper.columns - pattern.length - 4));
  return [
    `${paint(paper, 'bold', `── ${pattern} `)}${rule}`,
    '',
    ...story.map((paragraph) => `${shift(wrap(paragraph, paper.columns - 4))}\n`),
    `${shift(paint(paper, 'bold', wrap(`The failure: ${title}.`, paper.columns - 4)))}\n`,
  ].join('\n');
}

/** What a stop found: the time-line, the chart, the figures, and the promises. */
export function report({ timeline, chart, figures, promises }: Findings, paper: Paper): string {
  const inner = { ...paper, columns: paper.columns - 4 };
  const section = (title: string, body: string) => `${paint(paper, 'bold', title)}\n\n${body}\n`;
  const sections = [
    section('What happened without', moments(timeline, inner)),
    `${drawChart(chart, inner)}\n`,
    section('Counted since the failure set in', table(figures, inner)),
    section(
      'Promised, and checked just now',
      promises.map((one) => verdict(one, inner)).join('\n'),
    ),
  ];
  return shift(sections.join('\n'));
}

function moments(timeline: readonly Moment[], { columns }: Paper): string {
  return timeline
    .map(({ atMs, what }) => {
      const at = `${(atMs / 1_000).toFixed(1)} s`.padStart(6);
      return `${at}  ${wrap(what, columns, 8)}`;
    })
    .join('\n');
}

const noBorders = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '' },
  middle: '',
};

function table(figures: readonly Figure[], paper: Paper): string {
  const rows = new Table({
    head: ['', 'without', 'with'].map((text) => paint(paper, 'dim', text)),
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 3 },
    colAligns: ['left', 'right', 'right'],
  });
  for (const figure of figures) rows.push([figure.what, figure.without, figure.with]);
  return rows
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function verdict({ claim, kept, measured }: Verdict, paper: Paper): string {
  const mark = kept ? paint(paper, 'green', '✔') : paint(paper, 'red', '✘ BROKEN:');
  const text = wrap(claim, paper.columns - (kept ? 0 : 8), 2);
  return `${mark} ${text}\n  ${paint(paper, 'dim', wrap(measured, paper.columns, 2))}`;
}
