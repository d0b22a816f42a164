import { fileURLToPath } from 'node:url';
import { startProcess, type TestProcess } from '@gabion/testkit';
import { describe, expect, test } from 'vitest';

const file = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const env = { REDIS_URL: undefined };

/** The output ends when the lines do, which may be after the process. */
const rest = (process: TestProcess) => process.nextLine(() => false).catch(() => undefined);

describe('main.ts', () => {
  test('ends on SIGTERM, paused worker and all', async () => {
    await using main = startProcess(file('main.ts'), [], { env });
    await main.nextLine((line) => line.includes('without the fence'));
    main.signal('SIGTERM');
    await rest(main);
    expect(await main.exited).toEqual({ code: 143, signal: null });
    expect(main.output).toContain('The tour was ended by SIGTERM; everything is closed.');
  });
});

describe('minimal.ts', () => {
  test("refuses the zombie's write", async () => {
    await using minimal = startProcess(file('minimal.ts'), [], { env });
    await rest(minimal);
    expect((await minimal.exited).code).toBe(0);
    expect(minimal.output).toMatch(/^the leader has fence \d{16}, reads 100, and is paused\n/);
    expect(minimal.output).toContain('has a greater fence (true), writes 110\n');
    expect(minimal.output).toMatch(/its write: STALE_FENCE\nthe balance is 110\n$/);
  });
});
