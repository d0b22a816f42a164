import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { goldenAnswers } from './golden-answers.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const golden = JSON.parse(readFileSync(here('./golden/answers-1.json'), 'utf8'));

/** What another process answers. */
function answersElsewhere(order: 'as given' | 'turned'): unknown {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const args = ['--import', loader, here('./golden-process.ts'), order];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

describe('1. Deterministic: answers are those of every other process and version', () => {
  test('they are the golden ones, which never change', () => {
    expect(goldenAnswers()).toEqual(golden);
  });

  test('another process gives them, with the members in another order, too', () => {
    expect(answersElsewhere('as given')).toEqual(golden);
    expect(answersElsewhere('turned')).toEqual(golden);
  });
});
