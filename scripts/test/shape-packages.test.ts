import { describe, expect, it } from 'vitest';
import { type Case, eachIsNoticed, lines, manifest, plus, readme, without } from './cases.js';
import { over, problemsAfter } from './sound-repository.js';

const many = (n: number) =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`packages/saga/src/part-${i}.ts`, '']));

const layout: readonly Case[] = [
  ['a missing README', { [readme]: undefined }, `${readme}:1: is missing`],
  [
    'a missing licence',
    { 'packages/clock/LICENSE': undefined },
    'packages/clock/LICENSE:1: is missing',
  ],
  [
    'a release without a change log',
    { 'packages/clock/package.json': over({ version: '0.1.0' }) },
    'packages/clock/CHANGELOG.md:1: is missing',
  ],
  [
    'an index.ts below the root of src',
    { 'packages/saga/src/parts/index.ts': '', ...many(12) },
    'packages/saga/src/parts/index.ts:1: is an index.ts below the root of src',
  ],
  [
    'a folder in a src of few files',
    { 'packages/saga/src/parts/step.ts': '' },
    'packages/saga/src/parts/step.ts:1: src stays flat until it has more than 12 files',
  ],
  [
    'an example without a number',
    {
      'examples/saga/package.json': '',
      'examples/saga/README.md': '',
      'examples/saga/main.ts': '',
    },
    'examples/saga:1: is not called NN-name',
  ],
  [
    'an example without a main.ts',
    { 'examples/01-saga/main.ts': undefined },
    'examples/01-saga/main.ts:1: is missing',
  ],
  [
    'a long decision',
    { 'docs/decisions/0001-flat.md': lines(41) },
    'docs/decisions/0001-flat.md:1: has 41 lines; 40 is the most',
  ],
  [
    'a decision without a number',
    { 'docs/decisions/flat.md': '' },
    'docs/decisions/flat.md:1: is not NNNN-title.md',
  ],
];

const configs: readonly Case[] = [
  [
    'a config that does not use its base',
    { 'packages/clock/tsconfig.json': '{\n"include": ["src"]\n}' },
    'packages/clock/tsconfig.json:1: does not build on the base at the root',
  ],
  [
    'a config with six lines of its own',
    { 'packages/clock/tsup.config.ts': plus(lines(6, 'const a = 1;')) },
    'packages/clock/tsup.config.ts:1: has 6 lines beside its base; 5 is the most',
  ],
];

const manifests: readonly Case[] = [
  ['CommonJS by default', { [manifest]: over({ type: 'commonjs' }) }, '"type" is not "module"'],
  ['side effects', { [manifest]: over({ sideEffects: true }) }, '"sideEffects" is not false'],
  [
    'an older Node',
    { [manifest]: over({ engines: { node: '>=18' } }) },
    '"engines" is not { "node": ">=20.19" }',
  ],
  ['another licence', { [manifest]: over({ license: 'ISC' }) }, '"license" is not "MIT"'],
  [
    'a restricted release',
    { [manifest]: over({ publishConfig: { provenance: true } }) },
    '"publishConfig" lacks "access": "public"',
  ],
  [
    'a release without provenance',
    { [manifest]: over({ publishConfig: { access: 'public' } }) },
    '"publishConfig" lacks "provenance": true',
  ],
  [
    'another folder',
    { [manifest]: over({ repository: {} }) },
    '"repository" lacks "directory": "packages/saga"',
  ],
  [
    'no description',
    { [manifest]: over({ description: 'Saga' }) },
    '"description" is not a sentence',
  ],
  [
    'a tarball without src',
    { [manifest]: over({ files: ['dist'] }) },
    '"files" lacks "dist" or "src"',
  ],
  [
    'a hidden package.json',
    { [manifest]: without(',"./package.json":"./package.json"') },
    '"exports" lacks "./package.json"',
  ],
  [
    'an entry without types for CommonJS',
    { [manifest]: without('"types":"./dist/index.d.cts",') },
    '"exports" → "." → "require" is not { "types", "default" }',
  ],
  [
    'an entry without a source',
    {
      [manifest]: (text: string) => text.replaceAll('/conformance.', '/gone.'),
      'packages/saga/typedoc.json': (text: string) => text.replace('conformance', 'gone'),
    },
    '"exports" → "./conformance" is built from src/gone.ts, which is missing',
  ],
  [
    'the version of a tool',
    { [manifest]: over({ devDependencies: { vitest: '^4' } }) },
    'gives a version of vitest; only the root does',
  ],
  [
    'a dependency on what is private',
    { [manifest]: over({ dependencies: { '@gabion/contract': '*' } }) },
    'depends on @gabion/contract, which is private; it is inlined by the build',
  ],
  [
    'another name than the folder',
    {
      [manifest]: over({ name: '@gabion/sagas' }),
      [readme]: (text: string) => text.replace('saga', 'sagas'),
    },
    'is called @gabion/sagas, not @gabion/saga',
  ],
].map(([claim, changes, sentence]) => [claim, changes, `${manifest}:1: ${sentence}`] as Case);

it('a sound repository has no problems', () => {
  expect(problemsAfter({})).toEqual([]);
});

describe('the layout', () => eachIsNoticed(layout));
describe('a config file', () => eachIsNoticed(configs));
describe('a manifest', () => eachIsNoticed(manifests));
