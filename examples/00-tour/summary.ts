import Table from 'cli-table3';
import { type Paper, paint } from './paper.js';
import type { Findings, TourStop } from './stop.js';

/** How a stop ended: with findings, or with an error. */
export interface Outcome {
  readonly stop: Pick<TourStop, 'pattern'>;
  readonly tookMs: number;
  readonly findings?: Findings;
  readonly error?: unknown;
}

/** How many promises a stop broke; one that could not be run kept none. */
function broken({ findings }: Outcome): number {
  if (findings === undefined) return 1;
  return findings.promises.filter(({ kept }) => !kept).length;
}

/** 0 when every promise was kept, and there was one at every stop; else 1. */
export function exitCodeOf(outcomes: readonly Outcome[]): number {
  const fine = outcomes.every(
    (outcome) => broken(outcome) === 0 && outcome.findings?.promises.length !== 0,
  );
  return fine && outcomes.length > 0 ? 0 : 1;
}

/** The table at the end of the tour, and a last sentence. */
export function summary(outcomes: readonly Outcome[], paper: Paper): string {
  const table = new Table({
    head: ['pattern', 'the figure', 'without', 'with', 'promises', 'took'],
    style: { head: [], border: [] },
    colWidths: [16, paper.columns - 62, 10, 10, 11, 8],
    colAligns: ['left', 'left', 'right', 'right', 'left', 'right'],
    wordWrap: true,
  });
  for (const outcome of outcomes) table.push(row(outcome, paper));
  const sentence =
    exitCodeOf(outcomes) === 0
      ? paint(paper, 'green', 'Every promise was kept.')
      : paint(paper, 'red', 'A promise was broken: see the ✘ above.');
  return `${table.toString()}\n\n${sentence}\n`;
}

function row(outcome: Outcome, paper: Paper): string[] {
  const { stop, findings, tookMs } = outcome;
  const took = `${(tookMs / 1_000).toFixed(1)} s`;
  if (findings === undefined) {
    return [stop.pattern, 'could not be run', '', '', paint(paper, 'red', '✘'), took];
  }
  const [{ what, without, with: limited }] = findings.figures;
  const kept = findings.promises.length - broken(outcome);
  const mark = broken(outcome) === 0 ? paint(paper, 'green', '✔') : paint(paper, 'red', '✘');
  return [
    stop.pattern,
    what,
    without,
    limited,
    `${mark} ${kept} of ${findings.promises.length}`,
    took,
  ];
}
