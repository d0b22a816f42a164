import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const sleeper = fileURLToPath(new URL('sleeper.ts', import.meta.url));

/** What a process prints that begins a sleep, and when it ends. */
async function printedBy(ms: number, keepsAlive: boolean): Promise<string> {
  const args = ['--import', 'tsx', sleeper, String(ms), String(keepsAlive)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout;
}

describe('a process', () => {
  test('ends although a sleep is pending that does not keep it alive', async () => {
    expect(await printedBy(3_000, false)).toBe('asleep\n');
  });

  test('goes on until a sleep ends that keeps it alive', async () => {
    expect(await printedBy(50, true)).toBe('asleep\nawake\n');
  });
});
