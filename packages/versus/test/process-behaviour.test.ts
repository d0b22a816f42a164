import { expect, test, vi } from 'vitest';
import { judgeRemote } from '../src/token-bucket/behaviour.js';
import { gabionOverRedis } from '../src/token-bucket/redis-subjects.js';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

test('ours over Redis holds in every scenario, as it comes and with a fallback', async () => {
  const { rows, names } = await judgeRemote(gabionOverRedis);
  const failures = rows.flatMap(({ claim, outcomes }) =>
    outcomes.flatMap(({ verdict, note }, i) =>
      verdict === 'holds' ? [] : [`${names[i]}: ${claim}: ${note}`],
    ),
  );
  expect(failures).toEqual([]);
  expect(rows.length).toBeGreaterThan(10);
});
