import { claim, leave, release, renew, type Slot, standing } from '../src/core/slot.js';
import type { Parts } from './broken-stores.js';

const wall = (clock: { wallNow(): number }) => clock.wallNow() * 1_000;

function places(place: (key: string) => string): Partial<Parts> {
  return { place };
}

/** A line that takes so many. */
function lineOf(length: number): Partial<Parts> {
  return {
    claim(slot, asked, nowMs, mint) {
      const full = slot !== undefined && slot.line.length >= length;
      if (full) return claim(slot, { ...asked, waiter: undefined }, nowMs, mint);
      if (slot?.line.length !== 128) return claim(slot, asked, nowMs, mint);
      const [first = '', ...rest] = slot.line;
      const step = claim({ ...slot, line: rest }, asked, nowMs, mint);
      const line = [first, ...(step.slot?.line ?? [])];
      return { ...step, slot: { ...(step.slot as Slot), line } };
    },
  };
}

const onlyLetters = (key: string) => (/[^\w]/.test(key) ? key.replace(/[{}%:]/g, '') : key);

/** Each law of a lease store, what is wrong with a store that breaks it, and what it is made of. */
export const brokenLeases: readonly (readonly [
  law: string,
  wrong: string,
  parts: Partial<Parts>,
])[] = [
  [
    'a free lock is granted, and a held one to nobody else',
    'grants what another holds',
    { claim: (_, asked, nowMs, mint) => claim(undefined, asked, nowMs, mint) },
  ],
  [
    'a free lock is granted, and a held one to nobody else',
    'tells a time that is too long',
    {
      claim(slot, asked, nowMs, mint) {
        const step = claim(slot, asked, nowMs, mint);
        const { answer } = step;
        if ('fence' in answer) return step;
        return { ...step, answer: { heldMs: answer.heldMs * 2 } };
      },
    },
  ],
  [
    'of any number of claims at once, one is granted',
    'looks first and writes later',
    { between: () => Promise.resolve() },
  ],
  [
    'a grant has a greater fence than all before it, of whatever key',
    'counts for each key',
    { fence: (_, __, floor, ofKey) => Math.max(ofKey, floor) + 1 },
  ],
  [
    'grants at once have different fences, greater than all before them',
    'takes the clock for its counter',
    { fence: (_, clock, floor) => Math.max(wall(clock), floor + 1) },
  ],
  [
    'a claim repeated by its owner is answered with the fence that it has',
    'counts repeated claims',
    {
      claim(slot, asked, nowMs, mint) {
        if (slot?.owner !== asked.owner) return claim(slot, asked, nowMs, mint);
        const fence = mint();
        return { slot: { ...slot, fence }, answer: { fence } };
      },
    },
  ],
  [
    'a renewal keeps the fence',
    'counts renewals',
    {
      renew(slot, asked, nowMs) {
        return renew(slot && { ...slot, fence: slot.fence + 1 }, asked, nowMs);
      },
    },
  ],
  [
    'a fence is above its floor, and a low floor changes nothing',
    'knows no floor',
    { fence: (previous, clock) => Math.max(previous + 1, wall(clock)) },
  ],
  [
    'a fence is above its floor, and a low floor changes nothing',
    'takes the floor for the counter',
    { fence: (previous, clock, floor) => (floor || Math.max(previous, wall(clock))) + 1 },
  ],
  [
    'where no fence is left there is an error, and no lock',
    'rounds',
    { fence: (previous, clock, floor) => Math.max(previous, wall(clock), floor) + 1 },
  ],
  [
    'a released lock is free at once, and is released once',
    'keeps what is released until its end',
    {
      release: (slot, owner) => ({
        slot,
        answer: slot?.owner === owner ? 'released' : 'not-held',
      }),
    },
  ],
  [
    'a released lock is free at once, and is released once',
    'releases any number of times',
    { release: (...asked) => ({ ...release(...asked), answer: 'released' }) },
  ],
  [
    'a lock that another holds is neither renewed nor released',
    'renews for anyone',
    { renew: (slot, asked, nowMs) => renew(slot && { ...slot, owner: asked.owner }, asked, nowMs) },
  ],
  [
    'a lock that another holds is neither renewed nor released',
    'releases for anyone',
    { release: (slot, owner, nowMs) => release(slot && { ...slot, owner }, owner, nowMs) },
  ],
  [
    'a renewal makes no lock anew',
    'renews what is not there',
    {
      renew(slot, { owner, holdMs }, nowMs) {
        const made = { owner, fence: 1, untilMs: nowMs + holdMs, line: [] };
        return renew(slot ?? made, { owner, holdMs }, nowMs);
      },
    },
  ],
  ['keys of any text do not touch each other', 'drops what steers', places(onlyLetters)],
  ['keys of any text do not touch each other', 'ignores case', places((key) => key.toLowerCase())],
  ['keys of any text do not touch each other', 'trims', places((key) => key.trim())],
  [
    'keys of any text do not touch each other',
    'has one key for look-alikes',
    places((key) => key.normalize()),
  ],
  [
    'keys of any text do not touch each other',
    'reads percent signs',
    places((key) => key.replace('%7B', '{').replace('%7D', '}')),
  ],
  [
    'keys of any text do not touch each other',
    'cuts long ones',
    places((key) => key.slice(0, 1_000)),
  ],
  [
    'keys of any text do not touch each other',
    'ends at a NUL',
    places((key) => key.split('\0')[0] as string),
  ],
  [
    'a lease ends by itself, and the next grant has a greater fence',
    'knows no end',
    { standing: (slot) => slot },
  ],
  [
    'a lease that has ended is missing, also where nobody took it',
    'renews what has ended, while nobody took it',
    { ownStanding: (slot) => slot },
  ],
  [
    'an owner that claims again after its end gets a new fence',
    'remembers the last owner',
    {
      standing: (slot, nowMs, asker) => (slot?.owner === asker ? slot : standing(slot, nowMs)),
    },
  ],
  [
    'a renewed lease lasts from its renewal',
    'adds to what is left',
    {
      renew(slot, asked, nowMs) {
        return renew(slot, asked, Math.max(nowMs, slot?.untilMs ?? 0));
      },
    },
  ],
  [
    'a renewed lease lasts from its renewal',
    'only says that it renews',
    { renew: (slot, asked, nowMs) => ({ ...renew(slot, asked, nowMs), slot }) },
  ],
  [
    'a repeated claim begins the lease anew',
    'leaves a repeated claim its end',
    {
      claim(slot, asked, nowMs, mint) {
        const step = claim(slot, asked, nowMs, mint);
        return slot?.owner === asked.owner ? { ...step, slot } : step;
      },
    },
  ],
  [
    'a refused claim does not prolong the lease',
    'prolongs a lease that others ask for',
    {
      claim(slot, asked, nowMs, mint) {
        const step = claim(slot, asked, nowMs, mint);
        if ('fence' in step.answer || step.slot === undefined) return step;
        return { ...step, slot: { ...step.slot, untilMs: nowMs + asked.holdMs } };
      },
    },
  ],
  [
    'a released lock is offered to the first in line, and to nobody else',
    'lets anyone have what is released',
    {
      release: (slot, ...asked) => release(slot && { ...slot, line: [] }, ...asked),
    },
  ],
  [
    'a released lock is offered to the first in line, and to nobody else',
    'offers to all in line',
    {
      claim(slot, asked, nowMs, mint) {
        const offered = slot?.fence === 0 && slot.line.includes(asked.waiter ?? '');
        const seen = offered ? { ...slot, owner: asked.waiter as string } : slot;
        return claim(seen, asked, nowMs, mint);
      },
    },
  ],
  [
    'an offer is nobody’s lock until it is taken, and then under a new fence',
    'hands the old fence on',
    {
      claim(slot, asked, nowMs, mint) {
        const taken = slot?.fence === 0 && slot.owner === asked.waiter;
        return claim(slot, asked, nowMs, taken ? () => 7 : mint);
      },
    },
  ],
  [
    'a line is served in the order of its arrival',
    'serves the last first',
    {
      release(slot, ...asked) {
        return release(slot && { ...slot, line: [...slot.line].reverse() }, ...asked);
      },
    },
  ],
  [
    'whoever asks again keeps its place, and has only one',
    'has a place for every question',
    {
      claim(slot, asked, nowMs, mint) {
        const step = claim(slot, asked, nowMs, mint);
        const { waiter } = asked;
        if (step.slot !== slot || slot === undefined || waiter === undefined) return step;
        return { ...step, slot: { ...slot, line: [...slot.line, waiter] } };
      },
    },
  ],
  [
    'a caller who does not wait stands in no line',
    'puts everyone in line',
    {
      claim(slot, asked, nowMs, mint) {
        return claim(slot, { ...asked, waiter: asked.waiter ?? asked.owner }, nowMs, mint);
      },
    },
  ],
  [
    'a renewal and a repeated claim keep the line',
    'drops the line at a renewal',
    { renew: (slot, ...asked) => renew(slot && { ...slot, line: [] }, ...asked) },
  ],
  [
    'an offer ends, and the lock is free',
    'offers for an hour',
    { release: (slot, owner, nowMs) => release(slot, owner, nowMs + 3_600_000) },
  ],
  [
    'a line ends with the lease that it stood behind',
    'passes on what has ended',
    {
      standing(slot, nowMs) {
        if (slot === undefined || slot.untilMs > nowMs || slot.fence === 0) return slot;
        return release(slot, slot.owner, nowMs).slot;
      },
    },
  ],
  [
    'a waiter that leaves is passed over',
    'does not let go',
    { leave: (slot) => ({ slot, answer: undefined }) },
  ],
  [
    'what was offered to a waiter that leaves goes to the next, and then is free',
    'keeps the offer of a waiter that leaves',
    {
      leave(slot, waiter, nowMs) {
        return slot?.fence === 0 ? { slot, answer: undefined } : leave(slot, waiter, nowMs);
      },
    },
  ],
  [
    'leaving a line that one does not stand in changes nothing',
    'takes a part of a name for the name',
    {
      leave(slot, waiter, nowMs) {
        const whole = slot?.line.find((other) => other.startsWith(waiter));
        return leave(slot, whole ?? waiter, nowMs);
      },
    },
  ],
  [
    'leaving a line that one does not stand in changes nothing',
    'frees what anyone leaves',
    { leave: () => ({ slot: undefined, answer: undefined }) },
  ],
  ['a line has 128 places, and whoever comes later is not in it', 'has 127', lineOf(127)],
  ['a line has 128 places, and whoever comes later is not in it', 'has 129', lineOf(129)],
  [
    'whoever the lock is offered to is told, where the store tells',
    'tells nobody',
    { tell: () => undefined },
  ],
  [
    'whoever the lock is offered to is told, where the store tells',
    'tells another key',
    { tell: ({ key, waiter }) => ({ key, waiter: `${waiter}.1` }) },
  ],
  [
    'whoever the lock is offered to is told, where the store tells',
    'goes on telling',
    { goesOnTelling: true },
  ],
];
