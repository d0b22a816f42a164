import { createHashRing } from '@gabion/hash-ring';
import { combine, createHotKeys, createSalter } from '@gabion/hash-ring/salting';

const ring = createHashRing(['p1', 'p2', 'p3', 'p4']);
const hot = createHotKeys({ capacity: 100 });
const salter = createSalter({ ring, hot, maxSalts: 4 });

// What each partition counts: first stage.
const counts = new Map<string, number>();
for (let i = 0; i < 1_000; i += 1) {
  // Every other event is of the celebrity.
  const key = i % 2 === 0 ? 'celebrity' : `fan-${i}`;
  hot.record(key);
  const salted = salter.keyForWrite(key, { id: `event-${i}` });
  counts.set(salted, (counts.get(salted) ?? 0) + 1);
}

// Every salt is on another partition; together they have all events of the key: second stage.
const parts = salter.keysForRead('celebrity').map((key, salt) => {
  console.log(`${key} on ${salter.nodeFor(key)}: ${counts.get(key) ?? 0} events`);
  return { salt, seq: 0, value: counts.get(key) ?? 0 };
});
const total = combine(parts, (a, b) => a + b, { salts: parts.length });
console.log(`celebrity: ${total.value} events, complete: ${total.complete}`);
