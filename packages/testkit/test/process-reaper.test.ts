import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { end, familyOf, isRunning } from '../src/ending.mjs';
import { startProcess } from '../src/processes.js';
import { until } from '../src/until.js';

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

interface Started {
  readonly pids: readonly [number, number];
  readonly dirs: readonly [string, string];
}

/** A process of which we know what it started, and what must be gone after it. */
async function startWithServers(how: string) {
  const owner = startProcess(fixture('with-servers.ts'), [how]);
  const { pids, dirs } = await owner.nextMessage<Started>(undefined, 90_000);
  // A paused parent cannot ask after a child that has ended, which stays a zombie for a while.
  const family = pids.flatMap((pid) => familyOf(pid)).filter(isRunning);
  // Should the claim not hold, nothing is left behind all the same.
  onTestFinished(async () => {
    await owner.kill();
    for (const [index, dir] of dirs.entries()) {
      const pid = pids[index]!;
      await end(isRunning(pid) ? { pid, family: true, dir } : { dir });
    }
  });
  return { owner, pids, dirs, family };
}

const goneWithin = { timeoutMs: 20_000, what: 'the end of both servers and their folders' };

test.each(['running', 'paused'])(
  'kill -9 of the process that started them ends %s servers and deletes their folders',
  async (how) => {
    const { owner, pids, dirs, family } = await startWithServers(how);
    // A PostgreSQL is several processes; with the Redis, at least four.
    expect(family.length).toBeGreaterThanOrEqual(4);
    expect([pids.every(isRunning), dirs.every(existsSync)]).toEqual([true, true]);
    await owner.kill();
    await until(() => !family.some(isRunning) && !dirs.some(existsSync), goneWithin);
  },
);

test('a process that ends without stopping its servers leaves none', async () => {
  const { owner, dirs, family } = await startWithServers('leave');
  expect(await owner.exited).toEqual({ code: 0, signal: null });
  await until(() => !family.some(isRunning) && !dirs.some(existsSync), goneWithin);
});

test('a folder is deleted even when no server was started in it yet', async () => {
  await using owner = startProcess(fixture('with-folder.ts'));
  const { dir } = await owner.nextMessage<{ dir: string }>();
  onTestFinished(() => end({ dir }));
  expect(existsSync(dir)).toBe(true);
  await owner.kill();
  await until(() => !existsSync(dir), goneWithin);
});
