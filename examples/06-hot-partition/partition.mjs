/**
 * One partition, in a thread of its own: it counts what it is sent, by key, and takes its time.
 * It is plain JavaScript, for a thread does not know the loader of whoever starts it.
 */
import { parentPort, workerData } from 'node:worker_threads';

const never = new Int32Array(new SharedArrayBuffer(4));
let busyUntilMs = 0;

parentPort.on('message', ({ seq, records }) => {
  const counts = new Map();
  for (const [key, count] of records) counts.set(key, (counts.get(key) ?? 0) + count);
  // A disk or a database would be waited for; it leaves the cores to the other partitions.
  const nowMs = performance.now();
  busyUntilMs = Math.max(busyUntilMs, nowMs) + (records.length * workerData.serviceUs) / 1_000;
  Atomics.wait(never, 0, 0, busyUntilMs - nowMs);
  const atMs = performance.timeOrigin + performance.now();
  const answer = { seq, counts: [...counts], records: records.length, atMs };
  // Twice, as whoever promises "at least once" may. Nobody may count it twice.
  parentPort.postMessage(answer);
  parentPort.postMessage(answer);
});
parentPort.postMessage('ready');
