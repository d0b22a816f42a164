import { describe } from 'vitest';
import {
  type Case,
  eachIsNoticed,
  lines,
  patch,
  plus,
  property,
  readme,
  without,
} from './cases.js';

const tests: readonly Case[] = [
  [
    'a skipped test',
    { [property]: plus(`it.${'skip'}('a', () => {});`) },
    `${property}:4: .skip: every test runs; mend it or delete it`,
  ],
  [
    'a test alone',
    { [property]: plus(`describe.${'only'}.each([1])('a', () => {});`) },
    `${property}:4: .only: every test runs; mend it or delete it`,
  ],
  [
    'a test that is announced in an option',
    { [property]: plus(`it('a', { todo: true }, () => {});`) },
    `${property}:4: todo: every test runs; mend it or delete it`,
  ],
  [
    'a pattern without properties',
    {
      [property]: undefined,
      'packages/saga/test/a.test.ts': `describe('1. Once', () => it('a'));`,
    },
    'packages/saga/test/*.property.test.ts:1: is missing',
    `${patch}:1: names test/saga.property.test.ts, which does not exist`,
  ],
  [
    'laws that no store keeps',
    { 'packages/saga/test/memory.conformance.test.ts': undefined },
    'packages/saga/test/*.conformance.test.ts:1: is missing',
  ],
  [
    'exports that no test lists',
    { 'packages/saga/test/public-api.test.ts': undefined },
    'packages/saga/test/public-api.test.ts:1: is missing',
  ],
  [
    'a remote store that nobody compares or breaks',
    { 'packages/saga/src/redis.ts': '' },
    'packages/saga/test/faults*.test.ts:1: is missing',
    'packages/saga/test/parity*.test.ts:1: is missing',
  ],
  [
    'a pattern without mutants',
    { [patch]: undefined },
    'packages/saga/test/mutants/*.patch:1: is missing',
    `${property}:2: promise 1 has no mutant in test/mutants`,
  ],
  [
    'an undeclared variable',
    { [property]: plus(`process.env['DEBUG'];`) },
    `${property}:4: reads DEBUG, which the task "test" in turbo.json does not declare`,
  ],
];

const promises: readonly Case[] = [
  [
    'a mutant that names no test',
    { [patch]: without('Kills: ') },
    `${patch}:1: has no line "Kills: <test file> > <full test name>"`,
    `${property}:2: promise 1 has no mutant in test/mutants`,
  ],
  [
    'a mutant that names a test of another name',
    { [patch]: (text: string) => text.replace('each', 'no') },
    `${patch}:1: names "1. Once > runs no step once", ` +
      'which is no test in test/saga.property.test.ts',
  ],
  [
    'a mutant that names a test in no file',
    { [patch]: (text: string) => text.replace('property', 'race') },
    `${patch}:1: names test/saga.race.test.ts, which does not exist`,
  ],
  [
    'a mutant of a test',
    { [patch]: (text: string) => text.replaceAll('src/saga.ts', 'test/saga.ts') },
    `${patch}:1: changes packages/saga/test/saga.ts, which is not a source of @gabion/saga`,
  ],
  [
    'a promise without a mutant',
    { [property]: plus(`\ndescribe('2. Order', () => it('a', () => {}));`) },
    `${property}:5: promise 2 has no mutant in test/mutants`,
  ],
  [
    'a promise without a test',
    {
      [property]: (text: string) => text.replace('1. Once', '2. Once'),
      [patch]: (text: string) => text.replace('1. Once', '2. Once'),
    },
    'packages/saga/test:1: promise 1 has no test',
  ],
];

const readmes: readonly Case[] = [
  [
    'another title',
    { [readme]: (text: string) => text.replace('# @gabion/', '# ') },
    'does not begin with "# @gabion/saga"',
  ],
  [
    'no first sentence',
    { [readme]: without('It runs steps.') },
    'does not say in one sentence, below its title, what it is',
  ],
  ['a missing section', { [readme]: without('## References') }, 'lacks the section "References"'],
  [
    'no limits',
    { [readme]: without(/## Not guaranteed.*/) },
    'lacks the section "Not guaranteed, and when not to use it"',
  ],
  ['a store unspoken of', { 'packages/saga/src/store.ts': '' }, 'lacks the section "Stores"'],
  [
    'one diagram',
    { [readme]: without('sequenceDiagram') },
    'has 1 sequence diagrams; the happy and the worst path are 2',
  ],
].map(([claim, changes, sentence]) => {
  const line = claim === 'no first sentence' ? 2 : 1;
  return [claim, changes, `${readme}:${line}: ${sentence}`] as Case;
});

const readmeLines: readonly Case[] = [
  [
    'a section out of order',
    {
      [readme]: (text: string) =>
        text.replace('## Install\n', '').replace('## API', '## API\n## Install'),
    },
    `${readme}:6: has the section "Quick start" too early`,
  ],
  [
    'a support package that does not say its limits',
    { 'packages/clock/README.md': without('## Not guaranteed') },
    'packages/clock/README.md:1: lacks the section "Not guaranteed, and when not to use it"',
  ],
  [
    'a page without a quick start',
    { 'packages/clock/README.md': without('## Quick start') },
    'packages/clock/README.md:1: lacks the section "Quick start"',
  ],
  [
    'a long quick start',
    { [readme]: (text: string) => text.replace('createSaga();\n', lines(16)) },
    `${readme}:8: has a quick start of 16 lines; 1 to 15 are wanted`,
  ],
];

describe('the tests', () => eachIsNoticed(tests));
describe('a promise', () => eachIsNoticed(promises));
describe('a README', () => eachIsNoticed(readmes));
describe('a part of a README', () => eachIsNoticed(readmeLines));
