import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { isRunning } from '../src/ending.mjs';
import { type ProcessOptions, startProcess, type TestProcess } from '../src/processes.js';
import { until } from '../src/until.js';

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const started: TestProcess[] = [];

async function chatty(args: string[] = [], options: ProcessOptions = {}): Promise<TestProcess> {
  const child = startProcess(fixture('chatty.mjs'), args, options);
  started.push(child);
  await child.nextLine((line) => line === 'ready');
  return child;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((child) => child.kill()));
});

describe('a process', () => {
  test('gets its arguments, and its lines are read in order', async () => {
    const child = await chatty(['one', 'two']);
    expect(await child.nextLine()).toBe('arguments: one two');
  });

  test('gets messages and variables, and answers', async () => {
    const child = await chatty([], { env: { GABION_COLOUR: 'green' } });
    child.send('a');
    child.send('b');
    const wanted = ({ echo }: { echo: string }) => echo === 'b';
    expect(await child.nextMessage(wanted)).toEqual({ echo: 'b', env: 'green' });
    expect(await child.nextMessage()).toEqual({ echo: 'a', env: 'green' });
  });

  test('that ends while it is waited for says how, and what it wrote', async () => {
    const child = await chatty();
    child.send('crash');
    await expect(child.nextMessage()).rejects.toThrow(/ended \(1\)[\s\S]*crashed as told/);
    expect(await child.exited).toEqual({ code: 1, signal: null });
    expect(child.output).toContain('crashed as told');
  });

  test('that is paused answers only when it is resumed', async () => {
    const child = await chatty();
    child.pause();
    child.send('hello');
    await expect(child.nextMessage(undefined, 100)).rejects.toThrow('in 100 ms');
    child.resume();
    expect(await child.nextMessage()).toMatchObject({ echo: 'hello' });
  });

  test('is killed even when it is paused', async () => {
    const child = await chatty();
    child.pause();
    await child.kill();
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(isRunning(child.pid)).toBe(false);
  });

  test('is stopped in good order, also when it is paused', async () => {
    const child = await chatty();
    child.pause();
    await child.stop();
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('that will not stop is killed', async () => {
    const child = await chatty(['stubborn']);
    await child.stop();
    expect(await child.nextLine((line) => line === 'no')).toBe('no');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('may do without a channel', async () => {
    const child = await chatty([], { ipc: false });
    await child.kill();
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('written in TypeScript runs, and dies when its parent is killed', async () => {
    await using parent = startProcess(fixture('parent.ts'));
    const { pid } = await parent.nextMessage<{ pid: number }>();
    expect(isRunning(pid)).toBe(true);
    await parent.kill();
    await until(() => !isRunning(pid), { what: 'the end of the grandchild' });
  });
});
