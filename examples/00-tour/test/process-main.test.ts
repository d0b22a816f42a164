import { fileURLToPath } from 'node:url';
import { freePort, startProcess } from '@gabion/testkit';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

async function ended(args: readonly string[], env: Record<string, string | undefined> = {}) {
  await using tour = startProcess(main, args, { env });
  // The output ends when the lines do, which may be after the process.
  await tour.nextLine(() => false).catch(() => undefined);
  const { code } = await tour.exited;
  return { code, output: tour.output };
}

test('an unknown pattern ends the process with 2 and the list', async () => {
  const { code, output } = await ended(['no-such-pattern']);
  expect(code).toBe(2);
  expect(output).toContain('There is no pattern no-such-pattern here.');
  expect(output).toMatch(/^ {2}token-bucket: /m);
});

test('a Redis that does not answer is named without its password, and ends with 1', async () => {
  const host = `127.0.0.1:${await freePort()}`;
  const { code, output } = await ended(['token-bucket'], { REDIS_URL: `redis://me:pw@${host}` });
  expect(code).toBe(1);
  expect(output).toContain(`REDIS_URL is set, but no Redis answers at ${host}\n  because: `);
  expect(output).toContain('ECONNREFUSED');
  expect(output).not.toContain('pw@');
});
