import type { FenceStore } from '../src/index.js';

/** What a fence store is made of. */
interface Parts {
  /** The mark after an advance. */
  raise(mark: number | undefined, fence: number): number;
  read(mark: number | undefined): number;
  place(name: string): string;
  /** True when a look makes a mark. */
  readonly looksWrite: boolean;
  between(): Promise<void> | undefined;
}

const sound: Parts = {
  raise: (mark = 0, fence) => Math.max(mark, fence),
  read: (mark = 0) => mark,
  place: (name) => name,
  looksWrite: false,
  between: () => undefined,
};

/** A fence store with some parts exchanged. */
export function fenceStoreOf(changes: Partial<Parts> = {}): FenceStore {
  const { raise, read, place, looksWrite, between } = { ...sound, ...changes };
  const marks = new Map<string, number>();
  return {
    async advance(name, fence) {
      const mark = marks.get(place(name));
      const waits = between();
      if (waits !== undefined) await waits;
      const raised = raise(mark, fence);
      marks.set(place(name), raised);
      return raised;
    },
    async highest(name) {
      if (looksWrite && !marks.has(place(name))) marks.set(place(name), 2);
      return read(marks.get(place(name)));
    },
  };
}

const rounded = (fence: number) => Number(fence.toPrecision(15));

/** Each law of a fence store, what is wrong with a store that breaks it, and what it is made of. */
export const brokenFences: readonly (readonly [
  law: string,
  wrong: string,
  parts: Partial<Parts>,
])[] = [
  ['a name that was never advanced has the mark 0', 'begins at 1', { read: (mark = 1) => mark }],
  ['a mark is raised, and never lowered', 'keeps the last', { raise: (_, fence) => fence }],
  [
    'a mark is raised, and never lowered',
    'keeps the first',
    { raise: (mark, fence) => mark ?? fence },
  ],
  [
    'a fence that is the mark itself changes nothing',
    'counts what comes again',
    { raise: (mark = 0, fence) => (mark === fence ? fence + 1 : Math.max(mark, fence)) },
  ],
  ['looking at a mark makes none', 'makes one when it looks', { looksWrite: true }],
  [
    'fences of sixteen digits are told apart',
    'keeps fifteen digits',
    { raise: (mark = 0, fence) => rounded(Math.max(mark, fence)) },
  ],
  [
    'fences are compared as numbers',
    'compares texts',
    { raise: (mark = 0, fence) => (`${fence}` > `${mark}` ? fence : mark) },
  ],
  [
    'of any number of advances at once, the highest stays, and each sees at least its own',
    'looks first and writes later',
    { between: () => Promise.resolve() },
  ],
  [
    'names of any text do not touch each other',
    'has one name for look-alikes',
    { place: (name) => name.normalize() },
  ],
  [
    'names of any text do not touch each other',
    'cuts long ones',
    { place: (name) => name.slice(0, 1_000) },
  ],
];
