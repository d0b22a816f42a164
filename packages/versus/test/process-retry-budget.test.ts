import { expect, test, vi } from 'vitest';
import { httpScenarios, httpSubjects } from '../src/retry-budget/http-scenarios.js';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);
const ours = httpSubjects.filter(({ name }) => name === 'gabion');

test.each(httpScenarios)('ours over HTTP: $claim', async ({ run }) => {
  for (const subject of ours) expect(await run(subject)).toMatchObject({ verdict: 'holds' });
});
