import { describe, expect, test, vi } from 'vitest';
import { judge, type Scenario } from '../src/behaviour.js';
import { pollutionBy, ringScenarios } from '../src/hash-ring/scenarios.js';
import { homesOf, movement, peakToMean } from '../src/hash-ring/sharing.js';
import {
  gabion,
  gabionRendezvous,
  keysOf,
  membersOf,
  peers,
  type Subject,
} from '../src/hash-ring/subjects.js';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

const keys = keysOf(2_000);
const peer = (name: string) => peers.find((one) => one.name === name) as Subject;

/** Those that need no process of their own. */
const here = ringScenarios.filter(({ claim }) => !/processes|__proto__/.test(claim));

async function failuresOf(scenarios: readonly Scenario<Subject>[], subject: Subject) {
  const { rows } = await judge(scenarios, [subject]);
  return rows.filter(({ outcomes }) => outcomes[0]?.verdict === 'fails').map(({ claim }) => claim);
}

describe('rings', () => {
  test.each([gabion, gabionRendezvous])('$name holds in every scenario', async (subject) => {
    expect(await failuresOf(here, subject)).toEqual([]);
    expect(here.length).toBe(ringScenarios.length - 2);
  });

  test('__proto__ is a key and a node like any other of ours', async () => {
    expect(await pollutionBy('gabion')).toBe('');
    expect(await pollutionBy('gabion rendezvous')).toBe('');
  });

  test('each process answers for every key', async () => {
    const homes = await homesOf('gabion');
    expect(homes).toHaveLength(5_000);
    expect(homes).not.toContain(null);
    expect(await homesOf('gabion')).toEqual(homes);
  });

  test('the scenarios can fail: each of these peers is known for one of them', async () => {
    expect(await failuresOf(here, peer('hashring'))).toContain('a node of weight 0 gets nothing');
    expect(await failuresOf(here, peer('ketama'))).toContain(
      'n nodes: distinct, first as for one, each list begins the next',
    );
    expect(peakToMean(peer('hash-ring'), 10, keys.slice(0, 100))).toBe(10);
    expect(movement(peer('consistent-hash'), 6, keys).needless).toBeGreaterThan(0.5);
  });

  test('keys are distinct, and of 17 characters', () => {
    const all = keysOf(65_536);
    expect(new Set(all).size).toBe(65_536);
    expect(all.every((key) => key.length === 17)).toBe(true);
    expect(new Set(membersOf(1_000).map(({ id }) => id)).size).toBe(1_000);
  });
});
