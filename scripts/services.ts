/**
 * `npm run services`: finds the servers that the tests start, and installs what is missing with
 * the system's package manager, saying what it does. Where it cannot, it stops with the command
 * to run by hand.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findBinary } from '@gabion/testkit/binaries';
import {
  missingServices,
  type Plan,
  planServices,
  type Service,
  type Step,
  services,
} from '@gabion/testkit/services';

const say = (line: string) => console.log(line);
const onPath = (file: string) => findBinary({ files: [file], folders: [] }) !== undefined;

/** One line on each service, and one more where a URL might be thought to be enough. */
function report({ name, binary, urlVariable }: Service): void {
  const file = findBinary(binary);
  say(file ? `${name}: found ${file}` : `${name}: not found on this machine`);
  if (urlVariable === undefined || !process.env[urlVariable]) return;
  say(`  ${urlVariable} is set: conformance tests use it, under a random prefix or schema.`);
  if (file) return;
  say(`  Fault tests only ever touch servers that they started themselves, so ${name} is wanted`);
  say('  on this machine all the same.');
}

const policyFile = '/usr/sbin/policy-rc.d';

/**
 * Debian starts a service as soon as it is installed, unless this file says no (exit 101). Ours
 * says so only while this process lives, so that one left behind by a crash forbids nothing.
 */
function withoutAutostart(work: () => boolean): boolean {
  if (process.platform !== 'linux' || existsSync(policyFile)) return work();
  const rule = `#!/bin/sh\nkill -0 ${process.pid} 2>/dev/null && exit 101\nexit 0\n`;
  writeFileSync(policyFile, rule, { mode: 0o755 });
  say(`Until this ends, ${policyFile} keeps the new services from being started: tests start`);
  say('servers of their own.');
  try {
    return work();
  } finally {
    rmSync(policyFile, { force: true });
  }
}

function run({ purpose, command: [file, ...args], mayFail }: Step): boolean {
  say(`\n> To ${purpose}: ${[file, ...args].join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' };
  const { status, error } = spawnSync(file, args, { stdio: 'inherit', env });
  if (status === 0) return true;
  say(`That failed (${error?.message ?? `exit code ${status}`})${mayFail ? '; going on.' : '.'}`);
  return mayFail;
}

function stop(reason: string, byHand: string): void {
  console.error(`\n${reason}. Run this by hand, then \`npm run services\` again:\n\n  ${byHand}\n`);
  process.exitCode = 1;
}

function install(plan: Extract<Plan, { status: 'install' }>): void {
  const installed = withoutAutostart(() => plan.steps.every(run));
  say('');
  services.forEach(report);
  const missing = missingServices().map(({ name }) => name);
  if (missing.length === 0) say('\nEverything that the tests need is here.');
  else if (!installed) stop('Cannot go on: the installation failed', plan.byHand);
  else stop(`${missing.join(' and ')} cannot be found even after the installation`, plan.byHand);
}

services.forEach(report);
const plan = planServices(
  {
    platform: process.platform,
    root: process.getuid?.() === 0,
    apt: onPath('apt-get'),
    brew: onPath('brew'),
  },
  missingServices(),
);
if (plan.status === 'install') install(plan);
else if (plan.status === 'stuck') stop(`Cannot go on: ${plan.reason}`, plan.byHand);
else say('Everything that the tests need is here.');
