// The watcher. Its standard input is a pipe from the process that started it: each line is
// `{ id, ward }` (or `{ id }` to forget one), and the end of the pipe is the end of that process,
// however it came. What is still under watch then is ended here.
import { createInterface } from 'node:readline';
import { end } from './ending.mjs';

const wards = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  const { id, ward } = JSON.parse(line);
  if (ward === undefined) wards.delete(id);
  else wards.set(id, ward);
}

// One that cannot be ended must not save the others.
await Promise.allSettled([...wards.values()].map(end));
