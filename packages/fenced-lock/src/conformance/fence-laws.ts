import assert from 'node:assert/strict';
import type { Law } from '@gabion/contract';
import { largestFence } from '../core/fence.js';
import { type FenceStoreSubject, newName, oddTexts } from './subject.js';

/** Laws of the marks. */
export const fenceLaws: readonly Law<FenceStoreSubject>[] = [
  {
    name: 'a name that was never advanced has the mark 0',
    async check({ store }) {
      assert.equal(await store.highest(newName()), 0);
    },
  },
  {
    name: 'a mark is raised, and never lowered',
    async check({ store }) {
      const name = newName();
      assert.equal(await store.advance(name, 7), 7);
      assert.equal(await store.advance(name, 10), 10);
      assert.equal(await store.advance(name, 9), 10);
      assert.equal(await store.highest(name), 10);
    },
  },
  {
    name: 'a fence that is the mark itself changes nothing',
    async check({ store }) {
      const name = newName();
      await store.advance(name, 7);
      assert.equal(await store.advance(name, 7), 7);
      assert.equal(await store.highest(name), 7);
    },
  },
  {
    name: 'looking at a mark makes none',
    async check({ store }) {
      const name = newName();
      await store.highest(name);
      assert.equal(await store.advance(name, 1), 1);
      await store.highest(name);
      assert.equal(await store.highest(name), 1);
    },
  },
  {
    name: 'fences of sixteen digits are told apart',
    async check({ store }) {
      const name = newName();
      for (const fence of [largestFence - 2, largestFence - 1, largestFence]) {
        assert.equal(await store.advance(name, fence), fence);
        assert.equal(await store.advance(name, fence - 1), fence);
        assert.equal(await store.highest(name), fence);
      }
    },
  },
  {
    name: 'fences are compared as numbers',
    async check({ store }) {
      const name = newName();
      for (const fence of [9, 10, 99, 100]) assert.equal(await store.advance(name, fence), fence);
    },
  },
  {
    name: 'of any number of advances at once, the highest stays, and each sees at least its own',
    async check({ store }) {
      const name = newName();
      const fences = Array.from({ length: 40 }, (_, i) => 1 + ((i * 17) % 40));
      const marks = await Promise.all(fences.map((fence) => store.advance(name, fence)));
      for (const [i, mark] of marks.entries()) assert.ok(mark >= (fences[i] as number));
      assert.equal(await store.highest(name), 40);
    },
  },
  {
    name: 'names of any text do not touch each other',
    async check({ store }) {
      const start = newName();
      const names = oddTexts.flatMap((text) => [
        (start + text).slice(0, 1_024),
        (text + start).slice(-1_024),
      ]);
      const different = [...new Set(names)];
      for (const [i, name] of different.entries()) await store.advance(name, i + 1);
      for (const [i, name] of different.entries()) assert.equal(await store.highest(name), i + 1);
    },
  },
];
