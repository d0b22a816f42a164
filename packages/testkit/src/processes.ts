import type { StdioOptions } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { type Child, type Exit, spawnChild } from './child.js';
import { createMailbox } from './mailbox.js';
import { guard } from './reaper.js';
import { until } from './until.js';

/** What {@link startProcess} may be told. */
export interface ProcessOptions {
  /** Variables to add to this process's environment; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether to open a channel for `send` and `nextMessage`. @defaultValue true */
  readonly ipc?: boolean;
  /** The folder it runs in. @defaultValue that of this process */
  readonly cwd?: string;
}

/** A node process of the test's own, which dies with the test. */
export interface TestProcess extends AsyncDisposable {
  /** Its id. */
  readonly pid: number;
  /** Resolves when it has ended, however it did. */
  readonly exited: Promise<Exit>;
  /** The end of what it wrote to its standard output and error, for messages. */
  readonly output: string;
  /** Sends it a message, which it gets by `process.on('message')`. */
  send(message: object | string | number | boolean): void;
  /** Takes the oldest message that `wanted` accepts; waits for 30 s unless told otherwise. */
  nextMessage<T = unknown>(wanted?: (message: T) => boolean, timeoutMs?: number): Promise<T>;
  /** Takes the oldest line of its standard output that `wanted` accepts, in the same way. */
  nextLine(wanted?: (line: string) => boolean, timeoutMs?: number): Promise<string>;
  /** Sends any signal, such as SIGTERM; nothing once it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** SIGSTOP: it stands still, and its connections stay open. */
  pause(): void;
  /** SIGCONT: it goes on, and believes that no time has passed. */
  resume(): void;
  /** `kill -9`, also when it is paused; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and `kill -9` when it has not ended 5 s later. */
  stop(): Promise<void>;
}

const waitMs = 30_000;
const graceMs = 5_000;
const maxOutput = 65_536;

/** The loader is resolved from here, so that the child's folder need not have it. */
function nodeArguments(file: string): string[] {
  if (!/\.[cm]?tsx?$/.test(file)) return [file];
  const loader = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(loader).href, file];
}

/** Keeps the end of both streams, and posts the lines of the first. */
function listen({ process: { stdout, stderr } }: Child, line: (text: string) => void) {
  let output = '';
  const keep = (text: string) => {
    output = (output + text).slice(-maxOutput);
  };
  stdout?.setEncoding('utf8').on('data', keep);
  stderr?.setEncoding('utf8').on('data', keep);
  if (stdout) createInterface({ input: stdout }).on('line', line);
  return () => output;
}

/**
 * Starts `node file`, with a TypeScript loader when the file asks for one, and kills it when
 * this process ends first, by `kill -9` even. Only that one process is signalled: children of
 * its own are its own affair.
 */
export function startProcess(
  file: string,
  args: readonly string[] = [],
  { env = {}, ipc = true, cwd }: ProcessOptions = {},
): TestProcess {
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])];
  const watch = guard({});
  const command = { file: process.execPath, args: [...nodeArguments(file), ...args], stdio };
  const surroundings = { env: { ...process.env, ...env }, ...(cwd !== undefined && { cwd }) };
  const child = spawnChild({ ...command, ...surroundings }, watch);
  const lines = createMailbox<string>(`line of ${file}`);
  const messages = createMailbox<unknown>(`message of ${file}`);
  const output = listen(child, lines.post);
  child.process.on('message', messages.post);
  // 'close' and not 'exit': what was written before the end is still read until then.
  child.process.once('close', (code, signal) => {
    const reason = () => new Error(`${file} ended (${signal ?? code}):\n${output()}`);
    lines.close(reason);
    messages.close(reason);
    watch.release();
  });
  const started: TestProcess = {
    pid: child.pid,
    exited: child.exited,
    get output() {
      return output();
    },
    send: (message) => void child.process.send?.(message),
    async nextMessage<T>(wanted: (message: T) => boolean = () => true, timeoutMs = waitMs) {
      return (await messages.next((message) => wanted(message as T), timeoutMs)) as T;
    },
    nextLine: (wanted = () => true, timeoutMs = waitMs) => lines.next(wanted, timeoutMs),
    signal: (name) => child.signal(name),
    pause: () => child.signal('SIGSTOP'),
    resume: () => child.signal('SIGCONT'),
    kill: () => child.kill(),
    async stop() {
      child.signal('SIGTERM');
      child.signal('SIGCONT');
      await until(() => !child.running, { timeoutMs: graceMs }).catch(() => undefined);
      await child.kill();
    },
    [Symbol.asyncDispose]: () => started.stop(),
  };
  return started;
}
