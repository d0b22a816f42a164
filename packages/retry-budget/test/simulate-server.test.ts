import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createAgenda } from '../src/simulate/agenda.js';
import { createServer, endOfService, Refusal, type Speed } from '../src/simulate/server.js';
import { createVirtualTime } from '../src/simulate/virtual-time.js';

const speed: Speed = {
  capacityPerSecond: 10,
  fault: { fromMs: 1_000, toMs: 3_000, capacityPerSecond: 5 },
};

describe('the agenda', () => {
  test('gives what was added by time, and by age at the same time', () => {
    const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 });
    fc.assert(
      fc.property(times, fc.func(fc.boolean()), (atMs, isCancelled) => {
        const agenda = createAgenda();
        const happened: number[] = [];
        for (const [i, at] of atMs.entries()) {
          const one = agenda.add(at, () => happened.push(i));
          if (isCancelled(i)) one.happen = undefined;
        }
        for (let next = agenda.next(); next !== undefined; next = agenda.next()) next.happen?.();
        const kept = atMs.map((at, i) => ({ at, i })).filter(({ i }) => !isCancelled(i));
        expect(happened).toEqual(kept.sort((a, b) => a.at - b.at || a.i - b.i).map(({ i }) => i));
      }),
    );
  });
});

describe('virtual time', () => {
  test('wakes up who is due, in order, and lets each go on before the next', async () => {
    const { clock, at, run } = createVirtualTime();
    const heard: string[] = [];
    const sleeper = async (name: string, ms: number) => {
      for (let i = 0; i < 2; i += 1) {
        await clock.sleep(ms);
        for (let turns = 0; turns < 20; turns += 1) await null;
        heard.push(`${name} at ${clock.now()}`);
      }
    };
    sleeper('one', 5);
    sleeper('two', 86_400_000);
    at(5, () => heard.push('planned at 5'));
    at(-1, () => heard.push('planned for the past, at 0'));
    await run(() => false);
    expect(heard).toEqual([
      'planned for the past, at 0',
      'one at 5',
      'planned at 5',
      'one at 10',
      'two at 86400000',
      'two at 172800000',
    ]);
    expect(clock.wallNow()).toBe(172_800_000);
  });

  test('a sleep ends with its signal, and what was planned for it does not happen', async () => {
    const { clock, run } = createVirtualTime();
    const controller = new AbortController();
    const slept = clock.sleep(1_000, { signal: controller.signal });
    controller.abort('enough');
    await expect(slept).rejects.toBe('enough');
    await expect(clock.sleep(1, { signal: controller.signal })).rejects.toBe('enough');
    await run(() => false);
    expect(clock.now()).toBe(0);
  });

  test('stops when it is over, whatever is planned', async () => {
    const { clock, at, run } = createVirtualTime();
    at(1, () => {});
    at(2, () => {});
    await run(() => clock.now() === 1);
    expect(clock.now()).toBe(1);
  });

  describe('without setImmediate', () => {
    afterEach(() => {
      vi.unstubAllGlobals();
      vi.resetModules();
    });

    test('turns by messages, as in a browser', async () => {
      vi.stubGlobal('setImmediate', undefined);
      vi.resetModules();
      const other = await import('../src/simulate/virtual-time.js');
      const { clock, run } = other.createVirtualTime();
      const slept = clock.sleep(250).then(() => clock.sleep(250));
      await run(() => false);
      await slept;
      expect(clock.now()).toBe(500);
    });
  });
});

describe('the server', () => {
  test.each([
    ['before the fault', 0, 100],
    ['until the fault', 900, 1_000],
    ['into the fault: half of it at half the speed', 950, 1_100],
    ['in the fault', 1_500, 1_700],
    ['out of the fault', 2_900, 3_050],
    ['after the fault', 3_000, 3_100],
    ['long after', 9_000, 9_100],
  ])('serves a request %s: from %d to %d', (_, fromMs, toMs) => {
    expect(endOfService(speed, fromMs)).toBeCloseTo(toMs, 9);
  });

  test('that stands still in the fault goes on after it', () => {
    const still = { ...speed, fault: { ...speed.fault, capacityPerSecond: 0 } };
    expect(endOfService(still, 950)).toBeCloseTo(3_050, 9);
    expect(endOfService(still, 2_000)).toBeCloseTo(3_100, 9);
  });

  test('does as much work as it has capacity for, over any stretch', () => {
    const times = fc.integer({ min: 0, max: 5_000 });
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 40 }), (fromMs, perSecond) => {
        const fault = { ...speed.fault, capacityPerSecond: perSecond };
        const toMs = endOfService({ ...speed, fault }, fromMs);
        const inFault = Math.max(0, Math.min(toMs, 3_000) - Math.max(fromMs, 1_000));
        const work = ((toMs - fromMs - inFault) * 10 + inFault * perSecond) / 1_000;
        expect(work).toBeCloseTo(1, 9);
      }),
    );
  });

  test('serves one after the other, first come, first served', async () => {
    const time = createVirtualTime();
    const server = createServer(time, speed, Infinity);
    const served: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      server.request().then(() => served.push(`${name} at ${time.clock.now()}`));
    }
    expect(server.queued).toBe(3);
    await time.run(() => false);
    expect(served).toEqual(['a at 100', 'b at 200', 'c at 300']);
    expect(server.queued).toBe(0);
  });

  test('refuses at once who finds the line full, and takes the next who does not', async () => {
    const time = createVirtualTime();
    const server = createServer(time, speed, 1);
    const ends = [server.request(), server.request()];
    await expect(server.request()).rejects.toBeInstanceOf(Refusal);
    expect(server.queued).toBe(2);
    await time.run(() => false);
    await Promise.all(ends);
    expect(server.queued).toBe(0);
    const again = server.request();
    await time.run(() => false);
    await again;
    expect(time.clock.now()).toBe(300);
  });

  test('forgets those that it has served', async () => {
    const time = createVirtualTime();
    const server = createServer(time, { ...speed, capacityPerSecond: 1_000 }, Infinity);
    let last = 0;
    for (let i = 1; i <= 2_500; i += 1) {
      server.request().then(() => {
        expect(i).toBe(last + 1);
        last = i;
      });
    }
    await time.run(() => false);
    expect(last).toBe(2_500);
    expect(server.queued).toBe(0);
  });
});
