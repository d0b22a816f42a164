import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHistory } from '../src/history.js';
import { randomPrefix } from '../src/prefix.js';
import type { Server } from '../src/server.js';
import { lendServer } from '../src/shared-server.js';

function source() {
  const history = createHistory<{ what: string }>();
  const variable = `GABION_TEST_${randomPrefix()}`;
  const start = async () => {
    history.record({ what: 'started' });
    const stop = async () => void history.record({ what: 'stopped' });
    return { url: 'redis://started', stop } as Server;
  };
  const seen = () => history.events.map(({ what }) => what);
  return { variable, start, seen };
}

describe('the server of a run', () => {
  // A run without servers sets this one for its tests, too.
  beforeEach(() => void vi.stubEnv('GABION_NO_SERVERS', undefined));
  afterEach(() => void vi.unstubAllEnvs());

  test('is started once for all who ask, and ended by the last who gives it back', async () => {
    const { seen, ...rest } = source();
    const [a, b] = await Promise.all([lendServer(rest), lendServer(rest)]);
    expect([a.url, b.url]).toEqual(['redis://started', 'redis://started']);
    await a.giveBack();
    expect(seen()).toEqual(['started']);
    await b.giveBack();
    expect(seen()).toEqual(['started', 'stopped']);
  });

  test('is started anew after it was ended', async () => {
    const { seen, ...rest } = source();
    for (let round = 0; round < 2; round += 1) await (await lendServer(rest)).giveBack();
    expect(seen()).toEqual(['started', 'stopped', 'started', 'stopped']);
  });

  test('is that of the environment when it names one, and is left alone', async () => {
    const { seen, ...rest } = source();
    vi.stubEnv(rest.variable, 'redis://named');
    const { url, giveBack } = await lendServer(rest);
    await giveBack();
    expect([url, seen()]).toEqual(['redis://named', []]);
  });

  test('is not started when the run shall do without', async () => {
    const { seen, ...rest } = source();
    vi.stubEnv('GABION_NO_SERVERS', '1');
    const { url, giveBack } = await lendServer(rest);
    await giveBack();
    expect([url, seen()]).toEqual([undefined, []]);
  });
});
