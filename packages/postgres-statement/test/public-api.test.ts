import { expect, test } from 'vitest';
import * as index from '../src/index.js';

test('. exports statements, migrations, sweeps and what their texts are made of', () => {
  expect(Object.keys(index).sort()).toEqual([
    'StoreLayoutError',
    'StoreUnavailableError',
    'defineStatement',
    'defineSweep',
    'migrate',
    'migrateDefaults',
    'migrationSql',
    'quoteIdentifier',
    'requireLayout',
    'requireSchema',
    'safeInteger',
  ]);
});

test('the defaults are frozen', () => {
  expect(index.migrateDefaults).toEqual({ timeoutMs: 60_000 });
  expect(Object.isFrozen(index.migrateDefaults)).toBe(true);
});
