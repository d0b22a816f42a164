import { requireOneOf, show } from '@gabion/contract';
import {
  both,
  covers,
  perKey,
  requireConfig,
  requireSalts,
  type SaltConfig,
  type Salts,
  sameSalts,
} from './salts.js';

/** One step of a change of salts. */
export interface SaltStep extends SaltConfig {
  /**
   * What is to be done once every process runs this version, before the first runs the next:
   * - `drain`: the salts that are given up hold nothing any more that a read must find. Wait
   *   until it has expired, or move it: copy, let the reads end that began before, delete.
   * - `backfill`: copy what salt 0 holds to the other salts; where both have it, the newer stays.
   */
  readonly afterwards?: 'drain' | 'backfill';
}

/** Options of {@link saltSteps}. */
export interface SaltStepsOptions {
  /**
   * What the salts are for: `'salted'` writes, each to one of them, or `'replicated'` ones, each
   * to all of them. @defaultValue `'salted'`
   */
  readonly mode?: 'salted' | 'replicated' | undefined;
}

const defaults = Object.freeze({ mode: 'salted' } as const);
const modes = ['salted', 'replicated'] as const;
const work = { salted: 'drain', replicated: 'backfill' } as const;
/** The most salts of a key, whatever its salter says. */
const most = 2 ** 24;

/**
 * The configurations through which a change of salts loses no read. The first is the one to
 * begin from. Give the next to all processes, let each end what it began under the last, do what
 * `afterwards` says, and go on: processes one version apart are safe together, in any order; two
 * apart are not.
 *
 * For salted writes the step between reads as widely as the wider of both ends and writes as
 * narrowly as the narrower: readers widen first, then writers; writers shrink first, drain, then
 * readers. For replicated ones it is the reverse.
 *
 * @param from - The configuration in use; a number stands for that many salts of every key, to
 *   read and to write, at version 0.
 * @param to - The salts to end with. A table can follow 1 or a table, not a larger number: go
 *   through 1.
 * @returns Two or three steps; one when nothing changes.
 * @throws TypeError | RangeError for what is no configuration or no salts, a table and a number
 *   above 1, and a `from` in the middle of a change of the other mode.
 * @example
 * ```ts
 * import { saltSteps } from '@gabion/hash-ring/salting';
 *
 * console.log(saltSteps(1, 8));
 * // [ { version: 0, readSalts: 1, writeSalts: 1 },
 * //   { version: 1, readSalts: 8, writeSalts: 1 },
 * //   { version: 2, readSalts: 8, writeSalts: 8 } ]
 * ```
 */
export function saltSteps(
  from: SaltConfig | number,
  to: Salts,
  options: SaltStepsOptions = {},
): SaltStep[] {
  const fn = 'saltSteps';
  const mode = requireOneOf(fn, 'mode', options.mode ?? defaults.mode, modes);
  const first = requireBeginning(fn, from, mode);
  const target = requireSalts(fn, 'to', to, most);
  refuseMixed(fn, [first.readSalts, first.writeSalts, target]);
  const [wider, narrower] = [Math.max, Math.min];
  const [read, write] = mode === 'salted' ? [wider, narrower] : [narrower, wider];
  const middle = {
    readSalts: both(read, first.readSalts, target),
    writeSalts: both(write, first.writeSalts, target),
  };
  // Between the middle and the end readers give up salts, or begin to rely on them.
  const waits = !sameSalts(middle.readSalts, target);
  const steps: SaltStep[] = [first];
  if (!isSame(first, middle)) steps.push({ version: first.version + 1, ...middle });
  if (waits) steps.push({ ...(steps.pop() as SaltStep), afterwards: work[mode] });
  const last = { readSalts: target, writeSalts: target };
  if (!isSame(steps.at(-1) as SaltStep, last)) {
    steps.push({ version: first.version + steps.length, ...last });
  }
  return steps;
}

/**
 * Throws unless processes with these two configurations are safe together: at most one version
 * apart, the same salts if the version is the same, and readers that cover the other's writers,
 * or, for replicated keys, writers that cover the other's readers.
 *
 * @throws RangeError for two that are not; TypeError for what is no configuration.
 */
export function assertAdjacent(one: SaltConfig, other: SaltConfig): void {
  const fn = 'assertAdjacent';
  const a = requireConfig(fn, 'one', one, most);
  const b = requireConfig(fn, 'other', other, most);
  if (Math.abs(a.version - b.version) > 1) {
    throw new RangeError(
      `${fn}: versions must be at most one apart, got ${a.version} and ${b.version}`,
    );
  }
  if (a.version === b.version && !isSame(a, b)) {
    throw new RangeError(`${fn}: two configurations must not share a version, got ${a.version}`);
  }
  if (!isSafe(a, b)) {
    throw new RangeError(
      `${fn}: readers of one must cover writers of the other, or the reverse, ` +
        `as the steps of saltSteps do; versions ${a.version} and ${b.version} do not`,
    );
  }
}

type TwoSalts = Pick<SaltConfig, 'readSalts' | 'writeSalts'>;

function isSame(one: TwoSalts, other: TwoSalts): boolean {
  return sameSalts(one.readSalts, other.readSalts) && sameSalts(one.writeSalts, other.writeSalts);
}

/** Key by key, for one key may be salted and another replicated. */
function isSafe(one: TwoSalts, other: TwoSalts): boolean {
  const all = perKey(one.readSalts, other.readSalts, one.writeSalts, other.writeSalts);
  return all.every(({ salts }) => {
    const [read, write] = [salts.slice(0, 2), salts.slice(2)];
    const salted = Math.min(...read) >= Math.max(...write);
    const replicated = Math.max(...read) <= Math.min(...write);
    return salted || replicated;
  });
}

function requireBeginning(
  fn: string,
  from: SaltConfig | number,
  mode: (typeof modes)[number],
): SaltConfig {
  if (typeof from === 'number') {
    const salts = requireSalts(fn, 'from', from, most);
    return { version: 0, readSalts: salts, writeSalts: salts };
  }
  const first = requireConfig(fn, 'from', from, most);
  const { readSalts, writeSalts } = first;
  const isOfMode =
    mode === 'salted' ? covers(readSalts, writeSalts) : covers(writeSalts, readSalts);
  if (isOfMode) return first;
  throw new RangeError(
    `${fn}: from must not be in the middle of a change of the other mode, ` +
      `got version ${first.version} for mode ${show(mode)}`,
  );
}

function refuseMixed(fn: string, all: readonly Salts[]): void {
  const tables = all.filter((salts) => typeof salts === 'object');
  const number = all.find((salts) => typeof salts === 'number' && salts > 1);
  if (tables.length === 0 || number === undefined) return;
  throw new RangeError(`${fn}: a table cannot follow ${number} salts of every key: go through 1`);
}
