import { expect, test, vi } from 'vitest';
import { judgeLocks } from '../src/fenced-lock/behaviour.js';
import { gabionLock } from '../src/fenced-lock/subjects.js';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

test('ours holds in every scenario, and has no quorum to be asked about', async () => {
  const { ofAll, ofQuorums } = await judgeLocks([gabionLock]);
  const failures = ofAll.rows.flatMap(({ claim, outcomes }) =>
    outcomes.flatMap(({ verdict, note }) => (verdict === 'holds' ? [] : [`${claim}: ${note}`])),
  );
  expect(failures).toEqual([]);
  expect(ofAll.rows.length).toBeGreaterThanOrEqual(9);
  expect(ofQuorums.rows.map(({ outcomes }) => outcomes[0]?.verdict)).toEqual(['n/a']);
});
