import { Worker } from 'node:worker_threads';
import type { Load } from './load.js';

/** What a partition is sent for a key: one event, or several that were counted before. */
export type Sent = readonly [key: string, count: number];

/** What a partition counted of one batch, by key. */
export interface Answer {
  readonly seq: number;
  readonly counts: readonly Sent[];
  /** How many records the batch had. */
  readonly records: number;
  /** When it was served; see {@link nowMs}. */
  readonly atMs: number;
}

/** Milliseconds that are the same in every thread. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** A partition at work. */
export interface Partition {
  /** Sends a batch; batches are numbered from 0. */
  send(records: readonly Sent[]): void;
  /** Resolves when all that was sent is answered. Rejects when the thread dies. */
  finish(): Promise<Served>;
}

/** What became of one partition. */
export interface Served {
  /** Every answer, each twice. */
  readonly answers: readonly Answer[];
  /** How many records it served: its load. */
  readonly records: number;
  /** When it had nothing more to do. */
  readonly doneAtMs: number;
}

/**
 * Starts a thread for a partition and resolves when it is there; it is gone when the signal is
 * aborted, and when it is disposed of.
 */
export async function startPartition({ serviceUs }: Pick<Load, 'serviceUs'>, signal: AbortSignal) {
  const file = new URL('./partition.mjs', import.meta.url);
  // Loaders that this process was started with are not for the thread.
  const worker = new Worker(file, { workerData: { serviceUs }, execArgv: [] });
  const answers: Answer[] = [];
  let sent = 0;
  let records = 0;
  let doneAtMs = nowMs();
  let settle: { done(): void; fail(error: Error): void } | undefined;
  let failure: Error | undefined;

  const fail = (error: Error) => {
    failure ??= error;
    settle?.fail(failure);
  };
  const end = () => void worker.terminate();
  worker.once('error', fail);
  worker.once('exit', () => fail(signal.aborted ? signal.reason : new Error('a thread ended')));
  signal.addEventListener('abort', end, { once: true });
  await new Promise<void>((resolve, reject) => {
    settle = { done: resolve, fail: reject };
    worker.once('message', resolve);
  });
  worker.on('message', (answer: Answer) => {
    answers.push(answer);
    if (answers.length % 2 === 0) return;
    records += answer.records;
    doneAtMs = answer.atMs;
    settle?.done();
  });

  const partition: Partition = {
    send(batch) {
      if (batch.length > 0) worker.postMessage({ seq: sent++, records: batch });
    },
    finish() {
      return new Promise((resolve, reject) => {
        const done = () => {
          if (answers.length >= 2 * sent - 1) resolve({ answers, records, doneAtMs });
        };
        settle = { done, fail: reject };
        if (failure === undefined) done();
        else reject(failure);
      });
    },
  };
  return {
    ...partition,
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', end);
      await worker.terminate();
    },
  };
}
