import { describe, expect, it } from 'vitest';
import { type Case, eachIsNoticed, lines, manifest, plus, property, without } from './cases.js';
import { over, problemsAfter, saga } from './sound-repository.js';

const sizes: readonly Case[] = [
  ['a file of 251 lines', { [saga]: lines(251) }, `${saga}:251: has 251 lines; 250 is the most`],
  [
    'a median of 91 lines',
    { 'packages/clock/src/clock.ts': lines(180), 'packages/clock/src/index.ts': lines(2) },
    'packages/clock/src:1: the median file of src has 91 lines; 90 is the most',
  ],
  [
    'a function of 71 lines',
    { 'scripts/long.ts': `const long = () => {\n${lines(69)}};\n` },
    'scripts/long.ts:1: a function has 71 lines; 70 is the most',
  ],
  [
    'a line of 101 columns',
    { [property]: plus(`\n// ${'x'.repeat(98)}`) },
    `${property}:5: is 101 columns wide; 100 is the most`,
  ],
  [
    'a minimal example of 41 lines',
    { 'examples/01-saga/minimal.ts': lines(41) },
    'examples/01-saga/minimal.ts:41: has 41 lines; 40 is the most',
  ],
];

const sources: readonly Case[] = [
  [
    'an export of everything',
    { [saga]: plus(`export * from './step.js';`) },
    `${saga}:8: exports *; name each export`,
  ],
  [
    'a default export',
    { [saga]: plus('export default createSaga;') },
    `${saga}:8: has a default export; give it a name`,
  ],
  [
    'a default function',
    { [saga]: plus('export default function f() {}') },
    `${saga}:8: has a default export; give it a name`,
  ],
  [
    'a module of Node behind "." of another package',
    { 'packages/clock/src/clock.ts': `import type { A } from 'node:fs';\n` },
    'packages/clock/src/clock.ts:1: "." of @gabion/clock imports node:fs ' +
      '(clock/src/index.ts → clock/src/clock.ts)',
    'packages/clock/src/clock.ts:1: "." of @gabion/saga imports node:fs ' +
      '(saga/src/index.ts → saga/src/saga.ts → clock/src/index.ts → clock/src/clock.ts)',
  ],
  [
    'a client library behind "."',
    { [saga]: plus(`export { Redis } from 'ioredis';`) },
    `${saga}:8: "." of @gabion/saga imports ioredis (saga/src/index.ts → saga/src/saga.ts)`,
  ],
  [
    'work left for later',
    { [saga]: plus('// TODO') },
    `${saga}:8: says TODO; finish it or say why not`,
  ],
  [
    'work left for later in an example',
    { 'examples/01-saga/main.ts': '/* FIXME */' },
    'examples/01-saga/main.ts:1: says FIXME; finish it or say why not',
  ],
  [
    'an option that the glossary lacks',
    { [saga]: plus('export interface StepOptions { waitMs: number }') },
    `${saga}:8: the option waitMs is not in docs/architecture.md`,
  ],
  [
    'an error code that the glossary lacks',
    { 'docs/architecture.md': '`stepMs` `observer` SAGA_STUCK' },
    `${saga}:7: the error code SAGA_STUCK is not in docs/architecture.md`,
  ],
];

const elsewhere: readonly Case[] = [
  [
    'a platform that the lock cannot install',
    {
      'package-lock.json': (text: string) =>
        text.replace('node_modules/@turbo/linux-64', 'node_modules/x'),
    },
    'package-lock.json:6: has no entry for @turbo/linux-64, ' +
      'which node_modules/turbo wants on some platform',
  ],
  [
    'a lock that names another host',
    {
      'package-lock.json': (text: string) =>
        text.replace('"integrity": "sha512-b"', '"integrity": "b", "resolved": "http://a/b.tgz"'),
    },
    'package-lock.json:12: takes node_modules/@turbo/linux-64 from http://a/b.tgz, ' +
      'not from the public registry',
  ],
  [
    'a lock without integrity',
    { 'package-lock.json': without('"integrity": "sha512-b",') },
    'package-lock.json:12: has no integrity for node_modules/@turbo/linux-64',
  ],
  [
    'a private package in the API site',
    { 'typedoc.json': '{}' },
    'typedoc.json:1: does not exclude packages/contract',
  ],
  [
    'another entry before the main one in the API site',
    {
      'packages/saga/typedoc.json': (text: string) =>
        text.replace(/("src\/index.ts"), (".*")/, '$2, $1'),
    },
    'packages/saga/typedoc.json:1: does not begin with src/index.ts: ' +
      'what two entries export is documented under the first',
  ],
  [
    'an entry that the API site lacks',
    { 'packages/saga/typedoc.json': without(', "src/@(conformance).ts"') },
    'packages/saga/typedoc.json:1: lacks src/conformance.ts, ' +
      'the entry "./conformance" of @gabion/saga',
  ],
];

describe('a size', () => eachIsNoticed(sizes));
describe('a source', () => eachIsNoticed(sources));
describe('the lock and the API site', () => eachIsNoticed(elsewhere));

describe('patterns', () => {
  it('import no other pattern, and depend on none', () => {
    const dedupe = 'packages/dedupe';
    const problems = problemsAfter({
      [manifest]: over({ dependencies: { '@gabion/clock': '*', '@gabion/dedupe': '*' } }),
      [saga]: plus(`import type { A } from '@gabion/dedupe';`),
      [`${dedupe}/package.json`]: '{ "name": "@gabion/dedupe" }',
    });
    expect(problems.filter((problem) => !problem.startsWith(dedupe))).toEqual([
      `${manifest}:1: depends on @gabion/dedupe: patterns meet in examples`,
      `${saga}:8: imports @gabion/dedupe: patterns meet in examples`,
    ]);
  });

  it.each(['common', 'core', 'shared', 'utils'])('are not called %s', (folder) => {
    const path = `packages/${folder}/package.json`;
    expect(problemsAfter({ [path]: '{ "private": true }' })).toContain(
      `${path}:1: "${folder}" may hold anything; name a package for what it holds`,
    );
  });
});

describe('the testkit', () => {
  it('may export setup modules by default, as Vitest demands, and nothing else', () => {
    const testkit = 'packages/testkit/src';
    const setup = 'export default () => {};';
    const problems = problemsAfter({
      'packages/testkit/package.json': '{ "name": "@gabion/testkit", "private": true }',
      [`${testkit}/redis-setup.ts`]: setup,
      [`${testkit}/redis.ts`]: setup,
    });
    expect(problems.filter((problem) => problem.startsWith(testkit))).toEqual([
      `${testkit}/index.ts:1: is missing`,
      `${testkit}/redis.ts:1: has a default export; give it a name`,
    ]);
  });
});

describe('an exemption', () => {
  const record = 'docs/decisions/0001-flat.md';
  const exempt = `# Long\n\nExempt from shape: ${saga}: has 2`;

  it('lets off the one problem that a decision record names', () => {
    const problems = problemsAfter({ [record]: exempt, [saga]: lines(251, '// TODO') });
    expect(new Set(problems.map((problem) => problem.replace(/:\d+:/, '')))).toEqual(
      new Set([`${saga} says TODO; finish it or say why not`]),
    );
  });

  it('that lets off nothing is a problem', () => {
    expect(problemsAfter({ [record]: exempt })).toEqual([
      `${record}:3: exempts from shape what is no problem`,
    ]);
  });
});
