import { describe, expect, test } from 'vitest';
import type { Answer } from '../clients.js';
import { tourLoad } from '../load.js';
import { judge } from '../promises.js';
import type { Decision, Run } from '../run.js';
import { answer, decisionsAfter, runOf, turned } from './histories.js';

/** Which promises are kept, in their order: more, when, exact, obeyed, nearly all, better. */
function kept(limited: Run, without: Run = runOf([])): boolean[] {
  return judge(tourLoad, without, limited).map((verdict) => verdict.kept);
}

const tries = decisionsAfter(Array(600).fill(5), tourLoad);
const pages = Array<Answer>(260).fill(answer());
const refusal = answer({ client: 'greedy-1', outcome: 'refused', retryAfter: '1' });
const obeyed = answer({ afterWait: true });
const good = [...pages, refusal, obeyed];
const fine = [true, true, true, true, true, true];

/** What is kept but for the promise at this place. */
function allBut(place: number): boolean[] {
  return fine.with(place, false);
}

describe('a promise', () => {
  test('is kept in a run where all went well', () => {
    expect(kept(runOf(good, tries))).toEqual(fine);
  });

  test('is broken by one request too many', () => {
    const refused = tries.findLastIndex(({ result }) => !result.allowed);
    const cheated: Decision[] = tries.with(refused, turned(tries[refused]!));
    expect(kept(runOf(good, cheated))[0]).toBe(false);
  });

  test('is broken by a refusal without Retry-After', () => {
    const mute = answer({ client: 'greedy-1', outcome: 'refused' });
    expect(kept(runOf([...good, mute], tries))).toEqual(allBut(1));
  });

  test('is broken by a wait that was not enough', () => {
    const late = tries.findIndex(({ result }, i) => i > 20 && result.allowed);
    expect(kept(runOf(good, tries.with(late, turned(tries[late]!))))).toEqual(allBut(2));
  });

  test('is broken by clients that are refused again after they waited', () => {
    const again = answer({ outcome: 'refused', retryAfter: '1', afterWait: true });
    expect(kept(runOf([...good, again], tries))).toEqual(allBut(3));
  });

  test('is broken when the obedient clients get half of what they are due', () => {
    const few = [...pages.slice(0, 130), refusal, obeyed];
    expect(kept(runOf(few, tries))).toEqual(allBut(4));
  });

  test('is not broken by a machine on which a page takes too long to ask for more', () => {
    const slow = Array<Answer>(90).fill(answer({ tookMs: 200 }));
    expect(kept(runOf([...slow, refusal], tries))).toEqual(fine);
  });

  test('is broken when it went nearly as well without the limiter', () => {
    const without = runOf(pages.slice(0, 140));
    expect(kept(runOf(good, tries), without)).toEqual(allBut(5));
  });

  test('is broken by a run in which nothing was refused, for nothing was seen', () => {
    const unseen = decisionsAfter([0, 1, 2], tourLoad);
    expect(kept(runOf(pages, unseen))).toEqual([true, false, false, true, true, true]);
  });
});
