import { describe, expect, test, vi } from 'vitest';
import { behaviourTable, judge, outcome, ownGate, type Scenario } from '../src/behaviour.js';
import { hostileKeys, memoryScenarios } from '../src/token-bucket/memory-scenarios.js';
import { gabionInMemory } from '../src/token-bucket/subjects.js';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

interface Named {
  readonly name: string;
}

const scenarios: Scenario<Named>[] = [
  { claim: 'it is short', run: async ({ name }) => outcome(name.length < 8, `${name.length}`) },
  { claim: 'it has keys', run: async () => ({ verdict: 'n/a', note: 'it has none' }) },
];

describe('a judgement', () => {
  test('is a table of marks and figures', async () => {
    const judgement = await judge(scenarios, [{ name: 'gabion' }, { name: 'some peer' }]);
    const table = behaviourTable('Behaviour', judgement);
    expect(table.columns.map(({ title }) => title)).toEqual(['scenario', 'gabion', 'some peer']);
    expect(table.rows).toEqual([
      ['it is short', '✔ 6', '✘ 9'],
      ['it has keys', '– it has none', '– it has none'],
    ]);
  });

  test('counts what our own columns do not hold, and nobody else’s', async () => {
    const peers = [{ name: 'gabion' }, { name: 'some peer' }, { name: 'gabion, long' }];
    const { figure, must, limit } = ownGate('failures', await judge(scenarios, peers));
    expect([figure, must, limit]).toEqual([3, 'at most', 0]);
  });

  test('is not given when a scenario breaks: that proves nothing about the candidate', async () => {
    const broken = { claim: 'it is', run: () => Promise.reject(new Error('oops')) };
    await expect(judge([broken], [{ name: 'some peer' }])).rejects.toThrow(
      '"it is" cannot be tried on some peer',
    );
  });
});

describe('ours in memory', () => {
  const quick = memoryScenarios.filter(({ claim }) => !claim.includes('million'));

  test.each(quick)('$claim', async ({ run }) => {
    expect(await run(gabionInMemory)).toMatchObject({ verdict: 'holds' });
  });

  test('a hundred thousand hostile keys do not fill the memory', async () => {
    expect(await hostileKeys(gabionInMemory, 100_000)).toMatchObject({ verdict: 'holds' });
  });
});
