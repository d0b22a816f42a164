import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, test } from 'vitest';
import { createCallContext } from '../src/index.js';

const globals = globalThis as { process?: unknown; AsyncLocalStorage?: unknown };
const { process } = globals;

/** Makes this look like a runtime with these globals, until the test is over. */
function pretend(runtime: { process?: unknown; AsyncLocalStorage?: unknown }): void {
  globals.process = runtime.process;
  globals.AsyncLocalStorage = runtime.AsyncLocalStorage;
}

afterEach(() => {
  globals.process = process;
  delete globals.AsyncLocalStorage;
});

describe('a runtime without AsyncLocalStorage', () => {
  const poor: [string, { process?: unknown }][] = [
    ['a browser', {}],
    ["a bundler's process", { process: { env: {} } }],
    ['a process that has no such module', { process: { getBuiltinModule: () => undefined } }],
    ['a module that lacks it', { process: { getBuiltinModule: () => ({}) } }],
  ];

  test.each(poor)('is told apart, and run only calls: %s', (_, runtime) => {
    pretend(runtime);
    const context = createCallContext<string>();
    expect(context.supported).toBe(false);
    expect(context.run('a', () => context.current())).toBeUndefined();
    expect(context.run('a', () => 'result')).toBe('result');
    expect(context.current()).toBeUndefined();
  });

  test('lets through what the call throws', () => {
    pretend({});
    const fail = () => {
      throw new Error('inside');
    };
    expect(() => createCallContext().run(1, fail)).toThrow('inside');
  });
});

describe('a runtime with AsyncLocalStorage', () => {
  test('is asked for the module by its name, so that no bundler sees an import', () => {
    const asked: string[] = [];
    const getBuiltinModule = (name: string) => {
      asked.push(name);
      return { AsyncLocalStorage };
    };
    pretend({ process: { getBuiltinModule } });
    const context = createCallContext<string>();
    expect(context.supported).toBe(true);
    expect(context.run('a', () => context.current())).toBe('a');
    expect(asked).toEqual(['async_hooks']);
  });

  test('may offer it as a global instead', () => {
    pretend({ AsyncLocalStorage });
    const context = createCallContext<string>();
    expect(context.supported).toBe(true);
    expect(context.run('a', () => context.current())).toBe('a');
  });

  test('is looked at when a context is created, not when the package is loaded', () => {
    pretend({});
    const without = createCallContext<string>();
    pretend({ process });
    expect([without.supported, createCallContext().supported]).toEqual([false, true]);
  });
});
