import type { Answer, Sent, Served } from '../partitions.js';
import type { Route } from '../routes.js';

/** What partitions without threads make of events, sent in windows of so many. */
export function serve(route: Route, events: readonly string[], windowEvents: number) {
  const answers = new Map<string, Answer[]>();
  for (let from = 0; from < events.length; from += windowEvents) {
    const batches = new Map<string, Sent[]>();
    for (const { partition, key, count } of route.route(events.slice(from, from + windowEvents))) {
      const batch = batches.get(partition) ?? [];
      batches.set(partition, [...batch, [key, count]]);
    }
    for (const [partition, batch] of batches) {
      const own = answers.get(partition) ?? [];
      answers.set(partition, [...own, ...twice(countOf(batch, own.length / 2))]);
    }
  }
  return new Map([...answers].map(([name, own]): [string, Served] => [name, servedOf(own)]));
}

function countOf(batch: readonly Sent[], seq: number): Answer {
  const counts = new Map<string, number>();
  for (const [key, count] of batch) counts.set(key, (counts.get(key) ?? 0) + count);
  return { seq, counts: [...counts], records: batch.length, atMs: 0 };
}

function twice(answer: Answer): Answer[] {
  return [answer, answer];
}

function servedOf(answers: readonly Answer[]): Served {
  const records = answers.reduce((sum, answer) => sum + answer.records, 0) / 2;
  return { answers, records, doneAtMs: 0 };
}
