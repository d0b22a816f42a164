import { expect, it } from 'vitest';
import { guaranteesPage } from '../guarantees.js';
import { repositoryOf } from '../repository.js';

const page = guaranteesPage(
  repositoryOf([
    ['packages/clock/package.json', '{ "name": "@gabion/clock" }'],
    ['packages/clock/test/clock.test.ts', `describe('Clock', () => it('is an example'));`],
    ['packages/contract/package.json', '{ "name": "@gabion/contract", "private": true }'],
    ['packages/contract/test/a.property.test.ts', `it('is private')`],
    ['packages/saga/package.json', '{ "name": "@gabion/saga" }'],
    ['packages/saga/src/conformance.ts', `[{ name: 'a step <once>', check() {} }, { name: 'x' }]`],
    ['packages/saga/test/memory.conformance.test.ts', 'laws.map((law) => it(law.name));'],
    ['packages/saga/test/redis.conformance.test.ts', 'laws.map((law) => it(law.name));'],
    [
      'packages/saga/test/http.test.ts',
      `describe('10. Last', () => it('ends'));
describe('2. Order, over HTTP', () => it('is kept'));
describe('Other', () => it('is an example'));`,
    ],
    [
      'packages/saga/test/saga.property.test.ts',
      `describe('2. Order', () => describe('at %i', () => it('keeps \`a_b\` of [b]')));
it('stands alone');`,
    ],
  ]),
);

it('the page lists packages, promises by number, then the rest, then laws', () => {
  const lines = page.split('\n').filter((line) => /^(#|\*)/.test(line));
  const link = (file: string) => `[${file}](../packages/saga/${file})`;
  expect(lines).toEqual([
    '# Guarantees',
    '## @gabion/saga',
    '### 2. Order',
    `* at …: keeps \`a_b\` of \\[b\\]: ${link('test/saga.property.test.ts')}`,
    '### 2. Order, over HTTP',
    `* is kept: ${link('test/http.test.ts')}`,
    '### 10. Last',
    `* ends: ${link('test/http.test.ts')}`,
    '### Also',
    `* stands alone: ${link('test/saga.property.test.ts')}`,
    '### Laws of a store, kept by: memory, redis',
    `* a step \\<once>: ${link('src/conformance.ts')}`,
  ]);
});
