/**
 * `npm test`: runs the tests of every package and sums them up in the last line. What it does
 * not know is passed on to turbo: `npm test -- --filter=@gabion/clock --force`.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeTotals, needsServers, type Report, sumReports } from '@gabion/testkit/results';
import { missingServices } from '@gabion/testkit/services';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The folders of all workspaces, relative to the root. */
function workspaces(): string[] {
  const parents = ['packages', 'examples'].filter((name) => existsSync(join(root, name)));
  const inside = parents.flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  );
  return [...inside, 'scripts'].filter((folder) => existsSync(join(root, folder, 'package.json')));
}

/** The test files that a run without servers leaves out. */
function leftOut(): string[] {
  return workspaces()
    .filter((folder) => existsSync(join(root, folder, 'test')))
    .flatMap((folder) =>
      readdirSync(join(root, folder, 'test'), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/test/${file}`,
      ),
    )
    .filter((file) => needsServers(file))
    .sort();
}

/** The reports of this run: each package's own, or the one that turbo restored from its cache. */
function reports(): Report[] {
  return workspaces()
    .map((folder) => join(root, folder, '.vitest', 'results.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Report);
}

/** Runs turbo on our own streams; its exit code, in the way of shells after a signal. */
function runTurbo(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const turbo = join(root, 'node_modules', '.bin', 'turbo');
  const child = spawn(turbo, ['run', 'test', ...args], { cwd: root, env, stdio: 'inherit' });
  // A Ctrl-C reaches turbo from the terminal; we stay to sum up what there is.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

function stopForWant(): boolean {
  const missing = missingServices().map(({ name }) => name);
  if (missing.length === 0) return false;
  console.error(
    `The tests need ${missing.join(' and ')}, not found on this machine: ` +
      `run \`npm run services\` ` +
      'first (or `npm test -- --no-servers`, which leaves out every test that needs a real ' +
      'server or a process of its own, and names them).',
  );
  return true;
}

async function main(): Promise<number> {
  const given = process.argv.slice(2);
  const withServers = !given.includes('--no-servers');
  if (withServers && stopForWant()) return 1;
  // A report of an earlier run must not be counted as one of this; turbo restores cached ones.
  for (const folder of workspaces()) {
    rmSync(join(root, folder, '.vitest'), { recursive: true, force: true });
  }
  // Two at a time: tests that wait for real servers' clocks suffer on a crowded machine. And all
  // of them, whatever fails, since what failed is summed up at the end.
  const own = ['--concurrency=2', '--continue=dependencies-successful'];
  const further = given.filter((argument) => argument !== '--no-servers');
  const env = withServers ? process.env : { ...process.env, GABION_NO_SERVERS: '1' };
  const code = await runTurbo([...own, ...further], env);
  if (!withServers) {
    console.log('Not run, because of --no-servers:');
    for (const file of leftOut()) console.log(`  ${file}`);
  }
  const totals = sumReports(reports());
  if (code !== 0 && totals.failed === 0) {
    console.log(`No test failed, yet turbo ended with exit code ${code}: see above.`);
  }
  console.log(describeTotals(totals));
  return code === 0 && totals.passed + totals.failed === 0 ? 1 : code;
}

process.exitCode = await main();
