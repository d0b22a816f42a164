// Plain JavaScript, because the watcher that outlives a crashed run is started by bare `node`.
// `stop()` runs the very same code, so every test exercises what a crash relies on.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const goneWithinMs = 10_000;

/** A process's `{ pid, parent, state }` on Linux, or `undefined` when there is none. */
function readStat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The program's name stands in parentheses and may hold spaces and parentheses itself.
    const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid: Number(pid), parent: Number(parent), state };
  } catch {
    return undefined;
  }
}

function processTable() {
  if (process.platform === 'linux') {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(readStat).filter((row) => row !== undefined);
  }
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,state='], { encoding: 'utf8' });
  return rows
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .map(([pid, parent, state]) => ({ pid: Number(pid), parent: Number(parent), state }));
}

export function familyOf(pid) {
  const table = processTable();
  const family = [pid];
  // The list grows while it is walked: each child is asked for children of its own.
  for (const member of family) {
    family.push(...table.filter((row) => row.parent === member).map((row) => row.pid));
  }
  return family;
}

export function isRunning(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  // A process that ended stays a zombie until its parent asks; in a container nobody may.
  return process.platform !== 'linux' || !['Z', 'X', undefined].includes(readStat(pid)?.state);
}

export function signalAll(pids, signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

export async function killProcess({ pid, family = false }) {
  // A stopped parent cannot fork, so nobody is born between the roll-call and the kill.
  if (family) signalAll([pid], 'SIGSTOP');
  const doomed = family ? familyOf(pid) : [pid];
  signalAll(doomed, 'SIGKILL');
  const endMs = performance.now() + goneWithinMs;
  while (doomed.some(isRunning)) {
    if (performance.now() > endMs) throw new Error(`process ${pid} outlived SIGKILL`);
    await sleep(5);
  }
}

/**
 * A PostgreSQL killed by SIGKILL leaves its System V segment behind, of which macOS allows 32
 * in all. The server notes the segment's id in the seventh line of its pid file.
 */
function releaseSharedMemory(dir) {
  try {
    const [, id] = readFileSync(join(dir, 'data', 'postmaster.pid'), 'utf8')
      .split('\n')[6]
      .trim()
      .split(/\s+/);
    execFileSync('ipcrm', ['-m', id], { stdio: 'ignore', timeout: 5_000 });
  } catch {
    // There was no PostgreSQL here, or it ended in good order.
  }
}

export async function end({ pid, family, dir }) {
  if (pid !== undefined) await killProcess({ pid, family });
  if (dir === undefined) return;
  releaseSharedMemory(dir);
  await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
