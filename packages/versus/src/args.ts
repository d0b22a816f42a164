import { parseArgs } from 'node:util';
import type { Settings } from './report.js';

/** What the command line asks for. */
export interface Options {
  /** The pattern. */
  readonly pattern: string;
  /** The sections, by their ids; empty for all. */
  readonly only: readonly string[];
  /** How long and how often. */
  readonly settings: Settings;
  /** Where to write everything as JSON. */
  readonly json: string | undefined;
  /** Where to write the tables as Markdown. */
  readonly markdown: string | undefined;
}

/** How it is called. */
export const usage = `npm run versus -- <pattern> [options]

  --quick           few short rounds: a smoke test, not a measurement
  --rounds <n>      rounds over all candidates (9; with --quick 3)
  --only <section>  one section; may be given several times
  --json <file>     writes everything that was measured
  --markdown <file> writes the tables`;

const thorough = Object.freeze({ rounds: 9, sampleMs: 150, manyKeys: 1_000_000 });
const quick = Object.freeze({ rounds: 3, sampleMs: 20, manyKeys: 100_000 });

/**
 * Reads the command line.
 *
 * @throws TypeError | RangeError that says what is wrong with it.
 */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      markdown: { type: 'string' },
    },
  });
  const [pattern, ...rest] = positionals;
  if (pattern === undefined || rest.length > 0) throw new RangeError('name one pattern');
  const base = values.quick ? quick : thorough;
  const rounds = Number(values.rounds ?? base.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`--rounds must be a whole number of at least 1, got ${values.rounds}`);
  }
  const { only, json, markdown } = values;
  return { pattern, only, settings: { ...base, rounds }, json, markdown };
}
