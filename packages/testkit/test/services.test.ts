import { describe, expect, test } from 'vitest';
import { redisBinary } from '../src/binaries.js';
import { missingServices, planServices, type System, services } from '../src/services.js';

const debian: System = { platform: 'linux', root: true, apt: true, brew: false };
const mac: System = { platform: 'darwin', root: false, apt: false, brew: true };
const redisOnly = services.filter(({ name }) => name === 'Redis');

function commands(system: System, missing = services): string[] {
  const plan = planServices(system, missing);
  if (plan.status !== 'install') throw new Error(`the plan is ${plan.status}`);
  return plan.steps.map(({ command }) => command.join(' '));
}

describe('the plan for missing services', () => {
  test('is complete when nothing is missing, on any system', () => {
    for (const system of [debian, mac, { ...debian, apt: false }]) {
      expect(planServices(system, [])).toEqual({ status: 'complete' });
    }
  });

  test('as root on Debian fetches the lists, then installs', () => {
    expect(commands(debian)).toEqual([
      'apt-get update',
      'apt-get -o DPkg::Lock::Timeout=300 install -y redis-server postgresql pgbouncer',
    ]);
  });

  test('goes on when a list cannot be fetched, and stops when the installation fails', () => {
    const plan = planServices(debian, services);
    expect(plan.status === 'install' && plan.steps.map(({ mayFail }) => mayFail)).toEqual([
      true,
      false,
    ]);
  });

  test('installs only what is missing', () => {
    expect(commands(debian, redisOnly)[1]).toMatch(/ install -y redis-server$/);
    expect(commands(mac, redisOnly)).toEqual(['brew install redis']);
  });

  test('without root on Debian is the exact command to run by hand', () => {
    expect(planServices({ ...debian, root: false }, services)).toEqual({
      status: 'stuck',
      reason: 'installing packages needs root',
      byHand: 'sudo apt-get update && sudo apt-get install -y redis-server postgresql pgbouncer',
    });
  });

  test('on macOS uses Homebrew', () => {
    expect(commands(mac)).toEqual(['brew install redis postgresql@17 pgbouncer']);
  });

  test('on macOS without Homebrew says where to get it and what to run then', () => {
    expect(planServices({ ...mac, brew: false }, services)).toEqual({
      status: 'stuck',
      reason: 'Homebrew (https://brew.sh) is not installed',
      byHand: 'brew install redis postgresql@17 pgbouncer',
    });
  });

  test('on macOS as root is stuck, because Homebrew refuses', () => {
    expect(planServices({ ...mac, root: true }, services)).toMatchObject({
      status: 'stuck',
      reason: 'Homebrew refuses to run as root',
    });
  });

  test('on an unknown system is stuck, even as root', () => {
    for (const platform of ['linux', 'freebsd', 'win32']) {
      const system = { platform, root: true, apt: false, brew: false };
      expect(planServices(system, services)).toMatchObject({
        status: 'stuck',
        byHand: 'sudo apt-get update && sudo apt-get install -y redis-server postgresql pgbouncer',
      });
    }
  });
});

test('a service is missing when its program is not found, whatever the environment names', () => {
  const find = (binary: unknown) => (binary === redisBinary ? undefined : '/found');
  expect(missingServices(find)).toEqual(redisOnly);
});
