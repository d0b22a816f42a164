import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  claim,
  leave,
  longestLine,
  offerMs,
  release,
  renew,
  type Slot,
  type Step,
  standing,
} from '../src/core/slot.js';

/** Something asked of a slot, a while after what was asked before. */
interface Asked {
  readonly passesMs: number;
  readonly verb: 'claim' | 'renew' | 'release' | 'leave';
  /** A process; its attempt is `<who>.1`, and its waiter has its name. */
  readonly who: string;
  readonly waits: boolean;
  readonly holdMs: number;
}

const anyHistory: fc.Arbitrary<readonly Asked[]> = fc.array(
  fc.record({
    passesMs: fc.oneof(
      { weight: 6, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 700 }) },
    ),
    verb: fc.constantFrom('claim', 'claim', 'claim', 'renew', 'release', 'release', 'leave'),
    who: fc.constantFrom('a', 'b', 'c', 'd'),
    waits: fc.boolean(),
    holdMs: fc.constantFrom(1, 100, 600, 5_000),
  }),
  { maxLength: 40, size: 'max' },
);

/** One step of a slot's life: what stood before, and what the step made of it. */
interface Lived extends Step<unknown>, Asked {
  readonly nowMs: number;
  readonly before: Slot | undefined;
  /** How many fences it drew. */
  readonly minted: number;
}

/** Plays a history on one slot; nothing that the core is given may be written to. */
function live(history: readonly Asked[]): Lived[] {
  let slot: Slot | undefined;
  let nowMs = 0;
  let fences = 0;
  return history.map((asked) => {
    nowMs += asked.passesMs;
    const before = standing(slot, nowMs);
    if (before !== undefined) Object.freeze(Object.freeze(before).line);
    const drawn = fences;
    const step = ask(before, asked, nowMs, () => {
      fences += 1;
      return fences;
    });
    slot = step.slot;
    return { ...asked, ...step, nowMs, before, minted: fences - drawn };
  });
}

function ask(
  slot: Slot | undefined,
  { verb, who, waits, holdMs }: Asked,
  nowMs: number,
  mint: () => number,
): Step<unknown> {
  const request = { owner: `${who}.1`, holdMs, waiter: waits ? who : undefined };
  if (verb === 'claim') return claim(slot, request, nowMs, mint);
  if (verb === 'renew') return renew(slot, request, nowMs);
  if (verb === 'release') return release(slot, request.owner, nowMs);
  return leave(slot, who, nowMs);
}

/** Asserts something of every step of any history. */
function always(holds: (step: Lived) => void): void {
  fc.assert(
    fc.property(anyHistory, (history) => {
      for (const step of live(history)) holds(step);
    }),
    { numRuns: 1_000 },
  );
}

describe('the slot of a key', () => {
  test('changes hands only when it is free, released, or offered to the one who takes it', () => {
    always(({ before, slot, verb, who, waits }) => {
      if (before === undefined || slot === undefined || slot.owner === before.owner) return;
      const passedOn = verb === 'release' && before.owner === `${who}.1`;
      const left = verb === 'leave' && before.owner === who;
      const taken = verb === 'claim' && waits && before.owner === who && before.fence === 0;
      expect([passedOn, left, taken].filter(Boolean)).toHaveLength(1);
    });
  });

  test('draws a fence for each grant and for nothing else, and shows no other', () => {
    always(({ before, slot, answer, minted, who }) => {
      const isOwn = before?.owner === `${who}.1`;
      const granted = typeof answer === 'object' && answer !== null && 'fence' in answer;
      expect(minted).toBe(granted && !isOwn ? 1 : 0);
      if (granted) expect(answer.fence).toBe(slot?.fence);
      if (slot !== undefined && slot.owner === before?.owner) expect(slot.fence).toBe(before.fence);
    });
  });

  test('is renewed and released by its owner, and by nobody else', () => {
    always(({ before, verb, who, answer }) => {
      const isOwn = before?.owner === `${who}.1`;
      if (verb === 'renew') expect(answer === 'renewed').toBe(isOwn);
      if (verb === 'release') expect(answer === 'released').toBe(isOwn);
    });
  });

  test('comes to be by a claim alone', () => {
    always(({ before, slot, verb }) => {
      if (before === undefined && slot !== undefined) expect(verb).toBe('claim');
    });
  });

  test('is offered to the first in line, who is woken', () => {
    always(({ before, slot, wake, nowMs }) => {
      const offered = slot !== undefined && slot.fence === 0 && slot.owner !== before?.owner;
      expect(wake).toBe(offered ? slot.owner : undefined);
      if (!offered) return;
      expect(slot).toMatchObject({ owner: before?.line[0], untilMs: nowMs + offerMs });
    });
  });

  test('is never given back while somebody stands in line', () => {
    always(({ before, slot }) => {
      if (before !== undefined && slot === undefined) expect(before.line).toEqual([]);
    });
  });

  test('ends when the last grant, renewal or offer says, and is then as if it had never been', () => {
    always(({ before, slot, answer, nowMs, holdMs, minted }) => {
      if (slot === undefined) return;
      const prolonged = answer === 'renewed' || minted === 1 || slot.owner !== before?.owner;
      const isRepeated = typeof answer === 'object' && answer !== null && 'fence' in answer;
      const untilMs = slot.fence === 0 ? nowMs + offerMs : nowMs + holdMs;
      expect(slot.untilMs).toBe(prolonged || isRepeated ? untilMs : before?.untilMs);
      expect(standing(slot, slot.untilMs - 1)).toBe(slot);
      expect(standing(slot, slot.untilMs)).toBeUndefined();
    });
  });

  test('has a line in the order of arrival, in which nobody stands twice', () => {
    always(({ before, slot, verb, who, waits }) => {
      const [line, old] = [slot?.line ?? [], before?.line ?? []];
      expect(new Set(line).size).toBe(line.length);
      const stayed = line.filter((waiter) => old.includes(waiter));
      expect(stayed).toEqual(old.filter((waiter) => line.includes(waiter)));
      // Whoever is new came by its own claim, and stands behind all others.
      const came = line.filter((waiter) => !old.includes(waiter));
      expect(came).toEqual(came.length === 0 ? [] : [who]);
      if (came.length > 0) expect([verb, waits, line.at(-1)]).toEqual(['claim', true, who]);
    });
  });

  test('has a line that only the served, the leaving and the end of a lease shorten', () => {
    always(({ before, slot, verb, who }) => {
      if (before === undefined || slot === undefined) return;
      const gone = before.line.filter((waiter) => !slot.line.includes(waiter));
      const served = slot.owner === before.owner || slot.owner.endsWith('.1') ? [] : [slot.owner];
      expect(gone).toEqual(
        verb === 'leave' && served.length === 0 ? before.line.filter((w) => w === who) : served,
      );
    });
  });

  test('has a line of 128 at most', () => {
    const names = Array.from({ length: longestLine + 5 }, (_, i) => `w${i}`);
    let slot: Slot | undefined;
    for (const waiter of ['first', ...names]) {
      slot = claim(slot, { owner: `${waiter}.1`, holdMs: 9, waiter }, 0, () => 1).slot;
    }
    expect(slot?.line).toEqual(names.slice(0, 128));
  });

  test('goes to each waiter in turn when all keep to the rules', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat({ max: 19 })), (count, asks) => {
        let slot: Slot | undefined;
        let fences = 0;
        const served: string[] = [];
        const claims = (who: string) => {
          const request = { owner: `${who}.1`, holdMs: 100, waiter: who };
          const step = claim(slot, request, 0, () => {
            served.push(who);
            fences += 1;
            return fences;
          });
          slot = step.slot;
        };
        const all = Array.from({ length: count }, (_, i) => `w${i}`);
        for (const who of all) claims(who);
        for (const holder of all) {
          // Whoever asks out of turn changes nothing.
          for (const i of asks) if (`w${i}` !== holder && all.includes(`w${i}`)) claims(`w${i}`);
          slot = release(slot, `${holder}.1`, 0).slot;
          if (slot !== undefined) claims(slot.owner);
        }
        expect(served.slice(0, count)).toEqual(all);
      }),
    );
  });
});
