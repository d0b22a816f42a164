import { expect, it } from 'vitest';
import { type Change, problemsAfter } from './sound-repository.js';

/** A change that breaks a rule, and all that the rules then say. */
export type Case = readonly [
  claim: string,
  changes: Readonly<Record<string, Change>>,
  ...problems: readonly string[],
];

/** Each change is noticed, for what it is, and by no rule that it does not concern. */
export function eachIsNoticed(cases: readonly Case[]): void {
  it.each(cases.map(([claim, changes, ...problems]) => ({ claim, changes, problems })))(
    '$claim is noticed',
    ({ changes, problems }) => expect(problemsAfter(changes)).toEqual(problems),
  );
}

/** A text of so many lines. */
export const lines = (n: number, line = '// one') => `${Array<string>(n).fill(line).join('\n')}\n`;

/** The old text and some more. */
export const plus = (more: string) => (text: string) => text + more;

/** The old text but for a part of it. */
export const without = (part: string | RegExp) => (text: string) => text.replace(part, '');

export const manifest = 'packages/saga/package.json';
export const readme = 'packages/saga/README.md';
export const property = 'packages/saga/test/saga.property.test.ts';
export const patch = 'packages/saga/test/mutants/twice.patch';
