import { parseArgs } from 'node:util';
import { type Mutant, mutantsOf, type NamedTest } from './mutant-patch.js';
import { createScratch, type Scratch } from './mutant-scratch.js';
import { explain, type Verdict, verdictOf } from './mutant-verdict.js';
import { readRepository, root } from './repository.js';

/** A run may take ten times as long as the same test without the mutant, within these bounds. */
const leastTimeoutMs = 30_000;
const mostTimeoutMs = 300_000;

interface Outcome {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  readonly note: string;
  readonly tookMs: number;
}

/** Tries one mutant against each test it names: it is killed when all of them go red. */
async function tryMutant(
  scratch: Scratch,
  mutant: Mutant,
  green: Map<string, number>,
): Promise<Outcome> {
  let tookMs = 0;
  const ends = (verdict: Verdict, note: string): Outcome => ({ mutant, verdict, note, tookMs });
  if (mutant.kills.length === 0) return ends('error', 'error: it names no test');
  for (const test of mutant.kills) {
    const usualMs = await usualTimeMs(scratch, mutant.folder, test, green);
    if (typeof usualMs === 'string') return ends('error', usualMs);
    const refused = await scratch.apply(mutant);
    if (refused !== undefined) return ends('error', `error: it does not apply: ${refused}`);
    const run = await scratch.test(mutant.folder, test, timeoutFor(usualMs));
    scratch.restore(mutant);
    tookMs += run.tookMs;
    const verdict = verdictOf(run.ending, mutant.killsByTimeout);
    if (verdict === 'killed') continue;
    const detail = verdict === 'error' ? `\n${run.output}` : '';
    return ends(verdict, explain(run.ending, test) + detail);
  }
  const names = mutant.kills.map(({ name }) => `"${name}"`).join(' and ');
  return ends('killed', `killed by ${names}`);
}

function timeoutFor(usualMs: number): number {
  return Math.min(mostTimeoutMs, Math.max(leastTimeoutMs, 10 * usualMs));
}

/** A test that is red, or absent, without any mutant cannot kill one: each is run once as it is. */
async function usualTimeMs(
  scratch: Scratch,
  folder: string,
  test: NamedTest,
  green: Map<string, number>,
): Promise<number | string> {
  const key = `${folder} ${test.file} ${test.name}`;
  const known = green.get(key);
  if (known !== undefined) return known;
  const { ending, tookMs, output } = await scratch.test(folder, test, mostTimeoutMs);
  if (ending !== 'passed') {
    return `error: without the mutant, "${test.name}" in ${test.file} is ${ending}\n${output}`;
  }
  green.set(key, tookMs);
  return tookMs;
}

function printTable(outcomes: readonly Outcome[]): void {
  const width = Math.max(0, ...outcomes.map(({ mutant }) => label(mutant).length));
  console.log();
  for (const { mutant, verdict } of outcomes) {
    console.log(`${label(mutant).padEnd(width)}  ${verdict}`);
  }
  const killed = outcomes.filter(({ verdict }) => verdict === 'killed').length;
  console.log(`\nmutants: ${killed} of ${outcomes.length} killed`);
}

function label({ folder, name }: Mutant): string {
  return `${folder} ${name}`;
}

const { values, positionals } = parseArgs({
  options: { only: { type: 'string' } },
  allowPositionals: true,
});
const repository = readRepository();
const mutants = mutantsOf(repository).filter(
  ({ folder, name }) =>
    (positionals.length === 0 || positionals.includes(folder)) &&
    (values.only === undefined || values.only === name),
);
if (mutants.length === 0) {
  console.error('mutants: none match; they are packages/*/test/mutants/*.patch');
  process.exitCode = 1;
}
const scratch = createScratch(repository, root);
process.once('exit', () => scratch.remove());
const outcomes: Outcome[] = [];
const green = new Map<string, number>();
for (const [index, mutant] of mutants.entries()) {
  process.stdout.write(`[${index + 1}/${mutants.length}] ${label(mutant)} … `);
  const outcome = await tryMutant(scratch, mutant, green);
  console.log(`${outcome.note} (${(outcome.tookMs / 1_000).toFixed(1)} s)`);
  outcomes.push(outcome);
}
if (mutants.length > 0) printTable(outcomes);
if (outcomes.some(({ verdict }) => verdict !== 'killed')) process.exitCode = 1;
