import { describe, expect, it } from 'vitest';
import { readMutant } from '../mutant-patch.js';
import { endingOf, type VitestReport, verdictOf } from '../mutant-verdict.js';

const diff = `diff --git a/packages/saga/src/saga.ts b/packages/saga/src/saga.ts
index 1..2 100644
--- a/packages/saga/src/saga.ts
+++ b/packages/saga/src/saga.ts
@@ -1 +1 @@
-Kills: test/no.test.ts > no
+b
`;

describe('the header of a mutant', () => {
  const path = 'packages/saga/test/mutants/drop-step.patch';

  it('names its tests, and the diff what it changes', () => {
    const header =
      'A step is lost.\nKills: test/a.test.ts > 1. Once > runs\nKills: test/b.test.ts > b\n';
    expect(readMutant(path, header + diff)).toEqual({
      name: 'drop-step',
      folder: 'saga',
      path,
      kills: [
        { file: 'test/a.test.ts', name: '1. Once > runs' },
        { file: 'test/b.test.ts', name: 'b' },
      ],
      killsByTimeout: false,
      touches: ['packages/saga/src/saga.ts'],
    });
  });

  it('takes the path of a test from the root too', () => {
    const header = 'Kills: packages/saga/test/a.test.ts > a\nKills-by: timeout\n';
    const { kills, killsByTimeout } = readMutant(path, header + diff);
    expect([kills, killsByTimeout]).toEqual([[{ file: 'test/a.test.ts', name: 'a' }], true]);
  });
});

describe('the verdict', () => {
  const report = (status: string): VitestReport => ({
    testResults: [
      {
        assertionResults: [
          { ancestorTitles: ['1. Once'], title: 'runs > twice', status },
          { ancestorTitles: ['2. Twice'], title: 'runs > twice', status: 'passed' },
        ],
      },
    ],
  });
  const meant = { file: 'test/a.test.ts', name: '1. Once > runs > twice' };

  it.each([
    ['failed', 'killed'],
    ['passed', 'lives'],
    ['skipped', 'error'],
    ['pending', 'error'],
  ])('on a test that %s is %s', (status, verdict) => {
    expect(verdictOf(endingOf(report(status), meant), false)).toBe(verdict);
  });

  it('on a test that is not there, or a run without a report, is error', () => {
    const other = { ...meant, name: '1. Once > runs' };
    expect(verdictOf(endingOf(report('failed'), other), false)).toBe('error');
    expect(verdictOf(endingOf(undefined, meant), false)).toBe('error');
  });

  it('on a run out of time is killed only where that was foretold', () => {
    expect([verdictOf('timeout', true), verdictOf('timeout', false)]).toEqual(['killed', 'error']);
  });
});
