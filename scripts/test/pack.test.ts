import { describe, expect, it } from 'vitest';
import { warningsIn, withOwnDependencies } from '../pack/consumer.js';
import { contentProblems } from '../pack/contents.js';
import { programFor } from '../pack/program.js';
import type { Tarball } from '../pack/tarballs.js';
import type { Package } from '../packages.js';

const sound = {
  'package.json': '{ "devDependencies": { "@gabion/contract": "*" } }',
  'README.md': '# A',
  LICENSE: 'MIT',
  'dist/index.js': `import { a } from '@gabion/clock'; // from '@gabion/contract'`,
  'dist/index.cjs': `const a = require('@gabion/clock');`,
  'dist/index.d.ts': 'export declare const a: 1;',
  'src/index.ts': `export { a } from '@gabion/contract';`,
};

const problemsWith = (changes: Record<string, string>) =>
  contentProblems(new Map(Object.entries({ ...sound, ...changes })), ['@gabion/contract']);

describe('a tarball', () => {
  it('may name what is private where nobody asks for it', () => {
    expect(problemsWith({})).toEqual([]);
  });

  it.each([
    [
      'package.json',
      '{ "dependencies": { "@gabion/contract": "*" } }',
      'depends on @gabion/contract',
    ],
    [
      'dist/a.js',
      `import '@gabion/contract/faulty';`,
      'dist/a.js asks for @gabion/contract/faulty',
    ],
    ['dist/a.cjs', `require("@gabion/contract")`, 'dist/a.cjs asks for @gabion/contract'],
    [
      'dist/a.d.ts',
      `export { a } from '@gabion/contract'`,
      'dist/a.d.ts asks for @gabion/contract',
    ],
    [
      'dist/a.d.cts',
      `type A = import('@gabion/contract').A`,
      'dist/a.d.cts asks for @gabion/contract',
    ],
  ])('whose %s asks for what is private is refused', (file, text, problem) => {
    expect(problemsWith({ [file]: text })).toEqual([`${problem}, which is private`]);
  });

  it('with tests or without its sources is refused', () => {
    const { LICENSE: _, 'src/index.ts': __, ...rest } = sound;
    const files = new Map(Object.entries({ ...rest, 'test/a.test.ts': '' }));
    expect(contentProblems(files, [])).toEqual([
      'lacks a file like ^LICENSE$',
      'lacks a file like ^src\\/index\\.ts$',
      'has test/a.test.ts, of no use to users',
    ]);
  });

  it('is installed with those of ours that it needs, and no others', () => {
    const tarball = (name: string, ...needs: string[]): Tarball => {
      const dependencies = Object.fromEntries(needs.map((need) => [need, '*']));
      const pkg: Package = {
        ...{ name, folder: name, dir: name, kind: 'support' },
        manifest: { name, dependencies },
      };
      return { pkg, file: `${name}.tgz`, dir: '', sizeBytes: 0 };
    };
    const all = [tarball('a', 'b'), tarball('b', 'c'), tarball('c'), tarball('d', 'a')];
    const [first] = all;
    const installed = withOwnDependencies(first as Tarball, all).map(({ file }) => file);
    expect(installed).toEqual(['a.tgz', 'b.tgz', 'c.tgz']);
  });
});

it('every warning of npm counts but those about its own settings', () => {
  const stderr = `npm warn Unknown user config "a".
npm warn deprecated a@1.0.0: gone
npm notice new version`;
  expect(warningsIn(stderr)).toEqual(['installing it says: npm warn deprecated a@1.0.0: gone']);
});

describe('the program that uses a package', () => {
  const clock: Package = {
    ...{ name: '@gabion/clock', folder: 'clock', dir: 'packages/clock', kind: 'support' },
    manifest: { name: '@gabion/clock' },
  };

  it.each([
    ['esm', `"@gabion/clock/testing": await import("@gabion/clock/testing"),`],
    ['commonjs', `"@gabion/clock/testing": require("@gabion/clock/testing"),`],
    ['jest', `test('is used', use);`],
  ] as const)('loads every entry the way of %s', (system, line) => {
    const program = programFor(system, clock, ['@gabion/clock', '@gabion/clock/testing']);
    expect(program).toContain(line);
  });

  it('fails where no use is known', () => {
    expect(programFor('esm', { ...clock, folder: 'saga' }, [])).toContain('throw new Error');
  });
});
