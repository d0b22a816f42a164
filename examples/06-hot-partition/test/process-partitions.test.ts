import { describe, expect, test } from 'vitest';
import { nowMs, startPartition } from '../partitions.js';

const never = new AbortController().signal;

describe('a partition', () => {
  test('counts what it is sent, batch by batch, and answers twice', async () => {
    await using partition = await startPartition({ serviceUs: 1 }, never);
    partition.send([
      ['a', 1],
      ['b', 1],
      ['a', 1],
    ]);
    partition.send([['a', 5]]);
    const { answers, records } = await partition.finish();
    const [first, again, second] = answers;
    expect(first).toEqual({
      seq: 0,
      counts: [
        ['a', 2],
        ['b', 1],
      ],
      records: 3,
      atMs: expect.any(Number),
    });
    expect(again).toEqual(first);
    expect(second).toMatchObject({ seq: 1, counts: [['a', 5]] });
    // Its load is what it was sent, not how often it answered, nor what the records stand for.
    expect(records).toBe(4);
  });

  test('that is sent nothing is done at once', async () => {
    await using partition = await startPartition({ serviceUs: 1 }, never);
    partition.send([]);
    expect(await partition.finish()).toMatchObject({ answers: [], records: 0 });
  });

  test('takes its time for each record', async () => {
    await using partition = await startPartition({ serviceUs: 1_000 }, never);
    const startedAtMs = nowMs();
    partition.send(Array(30).fill(['a', 1]));
    const { doneAtMs } = await partition.finish();
    expect(doneAtMs - startedAtMs).toBeGreaterThan(20);
  });

  test('that is ended by the signal rejects with its reason', async () => {
    const end = new AbortController();
    const reason = new Error('enough');
    await using partition = await startPartition({ serviceUs: 1e6 }, end.signal);
    partition.send([['a', 1]]);
    const ending = partition.finish();
    end.abort(reason);
    await expect(ending).rejects.toBe(reason);
    await expect(partition.finish()).rejects.toBe(reason);
  });

  test('whose thread dies rejects with what it died of', async () => {
    await using partition = await startPartition({ serviceUs: 1 }, never);
    partition.send([null as never]);
    await expect(partition.finish()).rejects.toThrow(/iterable|null/);
  });
});
