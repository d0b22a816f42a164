import type { WriteStream } from 'node:tty';
import yoctoSpinner from 'yocto-spinner';
import type { Paper } from './paper.js';
import type { Stage } from './stop.js';

/** Where the tour is shown. */
export interface Screen {
  readonly paper: Paper;
  /** Writes a text, and ends the line. */
  write(text: string): void;
  /** See {@link Stage.phase}. */
  readonly phase: Stage['phase'];
}

/** What of a stream is used; a terminal has more to it than a pipe. */
export type Output = Pick<WriteStream, 'write'> &
  Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'hasColors'>>;

const mostColumns = 100;
const leastColumns = 80;
const plainProgressEveryMs = 1_000;

const seconds = (sinceMs: number) => `${((performance.now() - sinceMs) / 1_000).toFixed(1)} s`;

/** The screen of this process: a live line on a terminal, plain lines everywhere else. */
export function createScreen(output: Output): Screen {
  const columns = Math.min(mostColumns, Math.max(leastColumns, output.columns || mostColumns));
  const coloured = output.isTTY === true && output.hasColors?.() === true;
  const write = (text: string) => void output.write(`${text}\n`);
  const isLive = output.isTTY === true && process.env['TERM'] !== 'dumb' && !process.env['CI'];
  const phase = isLive ? livePhase(output as WriteStream) : plainPhase(write);
  return { paper: { columns, coloured }, write, phase };
}

/** One line that changes. Signals are the tour's: it lets a stop close what it has opened. */
function livePhase(stream: WriteStream): Stage['phase'] {
  return async (title, work) => {
    const startedAtMs = performance.now();
    const spinner = yoctoSpinner({ text: title, stream, handleSignals: false }).start();
    let last = '';
    try {
      const result = await work((progress) => {
        last = `: ${progress}`;
        spinner.text = `${title}, ${seconds(startedAtMs)}${last}`;
      });
      spinner.stop(`  ${title}, ${seconds(startedAtMs)}${last}`);
      return result;
    } finally {
      spinner.stop();
    }
  };
}

/** A line at the start, one a second while it goes on, and one at the end. */
function plainPhase(write: (text: string) => void): Stage['phase'] {
  return async (title, work) => {
    const startedAtMs = performance.now();
    let toldAtMs = startedAtMs;
    let last = '';
    write(`  ${title} …`);
    const result = await work((progress) => {
      last = `: ${progress}`;
      if (performance.now() - toldAtMs < plainProgressEveryMs) return;
      toldAtMs = performance.now();
      write(`    ${seconds(startedAtMs)}${last}`);
    });
    write(`    ${seconds(startedAtMs)}${last}`);
    return result;
  };
}
