/**
 * What a store keeps of one key while it is not free. Free is the absence of a slot, or a slot
 * whose time is up.
 *
 * The line of waiters lives in the slot and dies with it: a lock that nobody holds has nothing
 * stored, and a waiter that died is forgotten with the lease it waited for.
 */
export interface Slot {
  /** Who holds it: one attempt to acquire; while it is offered, the waiter that may take it. */
  readonly owner: string;
  /** The fencing token of the grant; 0 while the slot is only offered. */
  readonly fence: number;
  /** When it is free again, on the store's clock, in epoch milliseconds. */
  readonly untilMs: number;
  /** The waiters behind it, the first to be served first. */
  readonly line: readonly string[];
}

/** How long a slot is kept for the waiter that it was offered to, in milliseconds. */
export const offerMs = 500;

/** How many waiters (processes, not callers) a line takes; whoever comes later polls. */
export const longestLine = 128;

/** A request for a slot. */
export interface Claim {
  readonly owner: string;
  readonly holdMs: number;
  /** Takes a place in the line when the slot is held; absent for a caller who will not wait. */
  readonly waiter?: string | undefined;
}

/** What becomes of the slot (`undefined`: it is free), and what is answered. */
export interface Step<Answer> {
  readonly slot: Slot | undefined;
  readonly answer: Answer;
  /** The waiter to be woken: the slot was offered to it. */
  readonly wake?: string | undefined;
}

/** The slot as it stands at an instant. */
export function standing(slot: Slot | undefined, nowMs: number): Slot | undefined {
  return slot !== undefined && slot.untilMs > nowMs ? slot : undefined;
}

/**
 * Grants a free slot, or one that is offered to this waiter, under a new fence. The owner's own
 * repeated claim keeps its fence. Anyone else is told how long the slot is held, and stands in
 * line if it said that it waits.
 */
export function claim(
  slot: Slot | undefined,
  { owner, holdMs, waiter }: Claim,
  nowMs: number,
  mint: () => number,
): Step<{ readonly fence: number } | { readonly heldMs: number }> {
  const untilMs = nowMs + holdMs;
  if (slot === undefined) {
    const fence = mint();
    return { slot: { owner, fence, untilMs, line: [] }, answer: { fence } };
  }
  if (slot.owner === owner) return { slot: { ...slot, untilMs }, answer: { fence: slot.fence } };
  if (slot.fence === 0 && slot.owner === waiter) {
    const fence = mint();
    return { slot: { owner, fence, untilMs, line: slot.line }, answer: { fence } };
  }
  const answer = { heldMs: slot.untilMs - nowMs };
  const stands = waiter === undefined || slot.line.includes(waiter);
  if (stands || slot.line.length >= longestLine) return { slot, answer };
  return { slot: { ...slot, line: [...slot.line, waiter] }, answer };
}

/** Keeps a slot for its owner; never makes one anew. */
export function renew(
  slot: Slot | undefined,
  { owner, holdMs }: Claim,
  nowMs: number,
): Step<'renewed' | 'stolen' | 'missing'> {
  if (slot === undefined) return { slot, answer: 'missing' };
  if (slot.owner !== owner) return { slot, answer: 'stolen' };
  return { slot: { ...slot, untilMs: nowMs + holdMs }, answer: 'renewed' };
}

/** Gives a slot back: it is offered to the first in line, or free. */
export function release(
  slot: Slot | undefined,
  owner: string,
  nowMs: number,
): Step<'released' | 'not-held'> {
  if (slot?.owner !== owner) return { slot, answer: 'not-held' };
  return { ...passOn(slot.line, nowMs), answer: 'released' };
}

/** Takes a waiter out of the line; what was offered to it goes to the next. */
export function leave(slot: Slot | undefined, waiter: string, nowMs: number): Step<undefined> {
  if (slot === undefined) return { slot, answer: undefined };
  if (slot.fence === 0 && slot.owner === waiter) {
    return { ...passOn(slot.line, nowMs), answer: undefined };
  }
  const line = slot.line.filter((other) => other !== waiter);
  return { slot: { ...slot, line }, answer: undefined };
}

function passOn([next, ...line]: readonly string[], nowMs: number) {
  if (next === undefined) return { slot: undefined };
  return { slot: { owner: next, fence: 0, untilMs: nowMs + offerMs, line }, wake: next };
}
