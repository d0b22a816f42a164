import { expect, it } from 'vitest';
import { run } from '../child.js';

it('a command ends with its status and what it printed', async () => {
  const script = 'console.log(1); console.error(2); process.exitCode = 3';
  const { status, stdout, stderr, timedOut } = await run(process.execPath, ['-e', script]);
  expect([status, stdout, stderr, timedOut]).toEqual([3, '1\n', '2\n', false]);
});

it('a command that takes too long is ended, and what it started with it', async () => {
  // The run ends when nobody holds its output any more, so the grandchild has ended too.
  const script = `const { spawn } = require('node:child_process');
spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
setInterval(() => {}, 1000);`;
  const ending = await run(process.execPath, ['-e', script], { timeoutMs: 1_000 });
  expect([ending.timedOut, ending.tookMs < 4_000]).toEqual([true, true]);
});

it('a command that cannot be found is an error', async () => {
  await expect(run('no-such-command', [])).rejects.toThrow('ENOENT');
});
