import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findBinary } from '../src/binaries.js';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gabion-binaries-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function place(file: string, mode = 0o755): string {
  const full = join(root, file);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, '', { mode });
  return full;
}

test('a program on PATH wins over one in a known folder', () => {
  const onPath = place('bin/server');
  place('lib/server');
  const found = findBinary(
    { files: ['server'], folders: [join(root, 'lib')] },
    `${root}/empty:${root}/bin`,
  );
  expect(found).toBe(onPath);
});

test('a known folder serves when PATH does not', () => {
  const hidden = place('lib/server');
  expect(findBinary({ files: ['server'], folders: [join(root, 'lib')] }, '')).toBe(hidden);
});

test('the newest of several versions is taken, by number and not by letter', () => {
  for (const version of ['9.6', '17', '15']) place(`lib/${version}/bin/server`);
  const found = findBinary({ files: ['server'], folders: [`${root}/lib/*/bin`] }, '');
  expect(found).toBe(join(root, 'lib/17/bin/server'));
});

test('a version is told apart also inside of a name', () => {
  for (const name of ['postgresql@15', 'postgresql@17', 'redis']) place(`opt/${name}/bin/server`);
  const found = findBinary({ files: ['server'], folders: [`${root}/opt/postgresql*/bin`] }, '');
  expect(found).toBe(join(root, 'opt/postgresql@17/bin/server'));
});

test('programs that belong together are taken from one folder', () => {
  place('a/postgres');
  place('b/postgres');
  place('b/initdb');
  const binary = { files: ['postgres', 'initdb'], folders: [] };
  expect(findBinary(binary, `${root}/a:${root}/b`)).toBe(join(root, 'b/postgres'));
});

test('what cannot be run is not found', () => {
  place('bin/server', 0o644);
  expect(findBinary({ files: ['server'], folders: [`${root}/*/none`] }, `${root}/bin`)).toBe(
    undefined,
  );
});
