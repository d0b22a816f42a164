import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { serve, type Verbs } from './rpc.js';

/** What a worker says of itself. */
export interface Told {
  readonly what: 'listens' | 'leads' | 'has read' | 'ended';
  readonly port?: number;
  readonly fence?: number;
  readonly next?: number;
  readonly ending?: string;
}

/** A worker process. */
export interface Worker {
  readonly name: string;
  /** Resolves with the first thing of a kind that it has said or will say. */
  told(what: Told['what']): Promise<Told>;
  /** Lets it compete for the lock. */
  compete(): void;
  pause(): void;
  /** Wakes it up, in the middle of what it was doing. */
  resume(): void;
  stop(): Promise<void>;
}

/** Starts a worker; when it ends before it has said something, waiting for that rejects. */
export function startWorker(
  name: string,
  env: Readonly<Record<string, string>>,
  verbs: Verbs,
): Worker {
  const file = fileURLToPath(new URL('worker.ts', import.meta.url));
  const child = fork(file, [], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: { ...process.env, REDIS_URL: '', ...env, NAME: name },
  });
  serve(child, verbs);
  const said = listenTo(child, name);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    name,
    told: said,
    compete: () => void child.send('compete'),
    pause: () => void child.kill('SIGSTOP'),
    resume() {
      child.kill('SIGCONT');
      if (child.connected) child.send('go on');
    },
    async stop() {
      // Also when it is paused: nobody is left behind.
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function listenTo(child: ChildProcess, name: string) {
  const said = new Map<Told['what'], PromiseWithResolvers<Told>>();
  const kind = (what: Told['what']) => {
    const known = said.get(what) ?? withResolvers<Told>();
    said.set(what, known);
    return known;
  };
  child.on('message', (told: Told) => {
    if (told.what !== undefined) kind(told.what).resolve(told);
  });
  child.once('exit', () => {
    for (const what of ['listens', 'leads', 'has read', 'ended'] as const) {
      kind(what).reject(new Error(`${name} ended before it said "${what}"`));
    }
  });
  return (what: Told['what']) => kind(what).promise;
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}
