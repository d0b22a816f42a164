import { startProcess, type TestProcess } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { describe, expect, onTestFinished, test } from 'vitest';

const own = ownRedis();

interface Told {
  readonly kind: 'ready' | 'has read' | 'added';
  readonly element?: string;
  readonly refusals?: number;
}

async function startHolder(namespace: string, guarded: boolean): Promise<TestProcess> {
  const file = new URL('./fixtures/holder.ts', import.meta.url).pathname;
  const env = { REDIS_URL: own.server.url, NAMESPACE: namespace, GUARDED: guarded ? '1' : '0' };
  const holder = startProcess(file, [], { env });
  onTestFinished(() => holder.kill());
  await holder.nextMessage<Told>(({ kind }) => kind === 'ready');
  return holder;
}

const added = (element: string) => (told: Told) =>
  told.kind === 'added' && told.element === element;

/**
 * Rounds in which one holder reads, is paused by SIGSTOP beyond its lease while the other adds an
 * element, and then goes on to its write. Returns which elements of those added are lost.
 */
async function lostAfter(rounds: number, guarded: boolean) {
  const namespace = guarded ? 'guarded' : 'unguarded';
  const holders = [await startHolder(namespace, guarded), await startHolder(namespace, guarded)];
  const elements: string[] = [];
  let refusals = 0;
  for (let round = 0; round < rounds; round += 1) {
    const [zombie, other] = round % 2 === 0 ? holders : [...holders].reverse();
    const [late, prompt] = [`late-${round}`, `prompt-${round}`];
    zombie?.send(`add-and-stop ${late}`);
    await zombie?.nextMessage<Told>(({ kind }) => kind === 'has read');
    zombie?.pause();
    // It gets the lock only when the paused holder's lease is over.
    other?.send(`add ${prompt}`);
    await other?.nextMessage<Told>(added(prompt));
    zombie?.resume();
    zombie?.send('go on');
    const told = await zombie?.nextMessage<Told>(added(late));
    refusals += told?.refusals ?? 0;
    elements.push(late, prompt);
  }
  const kept: string[] = JSON.parse((await own.direct.get(`${namespace}:set`)) ?? '[]');
  return { lost: elements.filter((element) => !kept.includes(element)), refusals };
}

describe('5. The guard lives with the write: holders that are paused beyond their lease', () => {
  test('unguarded, they overwrite what others added meanwhile', async () => {
    const { lost } = await lostAfter(4, false);
    expect(lost).toEqual(['prompt-0', 'prompt-1', 'prompt-2', 'prompt-3']);
  });

  test('guarded, their writes are refused and nothing is lost', async () => {
    const { lost, refusals } = await lostAfter(4, true);
    expect(lost).toEqual([]);
    expect(refusals).toBe(4);
  });
});
