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
  ] as const)('ends every thread on %s, and itself with %i', async (signal, code) => {
    await using main = startProcess(file('main.ts'), [], { env });
    await main.nextLine((line) => line.includes('with plain hashing'));
    main.signal(signal);
    await rest(main);
    expect(await main.exited).toEqual({ code, signal: null });
    expect(main.output).toContain(`The tour was ended by ${signal}; everything is closed.`);
    expect(main.output).not.toContain('\u001B');
    expect(main.output).not.toContain('Warning');
  });
});

describe('minimal.ts', () => {
  test('spreads the hot key over all partitions, and counts every event of it', async () => {
    await using minimal = startProcess(file('minimal.ts'), [], { env });
    await rest(minimal);
    expect((await minimal.exited).code).toBe(0);
    const lines = minimal.output.trim().split('\n');
    expect(lines.at(-1)).toBe('celebrity: 500 events, complete: true');
    const seats = lines.slice(0, -1).map((line) => /on (p\d): [1-9]\d* events$/.exec(line)?.[1]);
    expect(seats.toSorted()).toEqual(['p1', 'p2', 'p3', 'p4']);
  });
});
