import { expect, test } from 'vitest';
import * as index from '../src/index.js';
import * as jump from '../src/jump.js';
import * as rendezvous from '../src/rendezvous.js';
import * as salting from '../src/salting.js';

function names(entry: object): string[] {
  return Object.keys(entry).sort();
}

test('. exports the ring and the bounded ring', () => {
  expect(names(index)).toEqual(['createBoundedRing', 'createHashRing']);
});

test('./jump exports the hash', () => {
  expect(names(jump)).toEqual(['jumpHash']);
});

test('./rendezvous exports rendezvous hashing', () => {
  expect(names(rendezvous)).toEqual(['createRendezvous']);
});

test('./salting exports hot keys, the salter, its steps and the second stage', () => {
  expect(names(salting)).toEqual([
    'assertAdjacent',
    'combine',
    'createHotKeys',
    'createSalter',
    'saltFactor',
    'saltSteps',
  ]);
});
