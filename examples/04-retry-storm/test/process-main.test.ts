import { fileURLToPath } from 'node:url';
import { startProcess, type TestProcess } from '@gabion/testkit';
import { describe, expect, test } from 'vitest';

const file = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const env = { REDIS_URL: undefined };

/** The output ends when the lines do, which may be after the process. */
const rest = (process: TestProcess) => process.nextLine(() => false).catch(() => undefined);

describe('main.ts', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('closes everything and ends on %s with %i', async (signal, code) => {
    await using main = startProcess(file('main.ts'), [], { env });
    await main.nextLine((line) => /^ +[12]\.\d s: /.test(line));
    main.signal(signal);
    await rest(main);
    expect(await main.exited).toEqual({ code, signal: null });
    expect(main.output).toContain(`The tour was ended by ${signal}; everything is closed.`);
    expect(main.output).not.toContain('\u001B');
    expect(main.output).not.toContain('Warning');
  });
});

describe('minimal.ts', () => {
  test('makes a thousand calls and ten retries, and says why no more', async () => {
    await using minimal = startProcess(file('minimal.ts'), [], { env });
    await rest(minimal);
    expect((await minimal.exited).code).toBe(0);
    expect(minimal.output).toBe(
      'in an outage, 1000 calls made 1010 attempts\n' +
        'Error: down; budget exhausted: true\n' +
        'after 100 successes there are 10 retries again\n',
    );
  });
});
