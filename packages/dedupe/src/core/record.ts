/** How an attempt ended, as it is stored. */
export type Outcome =
  /** With a value, as the codec wrote it. */
  | { readonly kind: 'value'; readonly text: string }
  /** With an error that is final: its name, code and message, as JSON. */
  | { readonly kind: 'error'; readonly text: string }
  /** With a value that could not be stored: too large, or not to be written down. */
  | { readonly kind: 'omitted' };

/** What every record says. */
interface Common {
  /** What the request looked like; empty when nobody said. */
  readonly fingerprint: string;
  /** The attempt that it belongs to. */
  readonly fence: number;
  /** When it is forgotten, on the store's clock, in epoch milliseconds. */
  readonly untilMs: number;
}

/** An attempt is under way, or was when its process died. */
export interface Running extends Common {
  readonly state: 'running';
  /** The claim that it was granted to. */
  readonly owner: string;
  readonly leaseUntilMs: number;
}

/** It is done, and how. */
export interface Done extends Common {
  readonly state: 'done';
  readonly outcome: Outcome;
  readonly atMs: number;
}

/** It may be done or not: nobody will try again by themselves. */
export interface Unknown extends Common {
  readonly state: 'unknown';
  readonly atMs: number;
}

/** What a store keeps of one key. Absent: nobody tried, or it is forgotten. */
export type Stored = Running | Done | Unknown;

/** A request for an attempt. */
export interface Claim {
  readonly owner: string;
  readonly fingerprint: string;
  readonly leaseMs: number;
  /** How long a record is kept beyond the lease of an attempt that never came back. */
  readonly unknownRetentionMs: number;
  /** What becomes of such an attempt: another one, or `unknown`. */
  readonly onAbandoned: 'rerun' | 'reject';
}

/** The answer to a claim. */
export type ClaimAnswer =
  | { readonly status: 'claimed'; readonly fence: number }
  | { readonly status: 'running'; readonly leftMs: number }
  | { readonly status: 'done'; readonly outcome: Outcome }
  | { readonly status: 'unknown'; readonly atMs: number }
  | { readonly status: 'mismatch' };

/** What becomes of the record (`undefined`: it is absent), and what is answered. */
export interface Step<Answer> {
  readonly stored: Stored | undefined;
  readonly answer: Answer;
}

/** The record as it stands at an instant. */
export function standing(stored: Stored | undefined, nowMs: number): Stored | undefined {
  return stored !== undefined && stored.untilMs > nowMs ? stored : undefined;
}

/**
 * Grants an attempt where there is none, or where one was abandoned and may be repeated. A claim
 * repeated by its owner is the same attempt. The fingerprint is looked at before anything else.
 */
export function claim(
  stored: Stored | undefined,
  request: Claim,
  nowMs: number,
  mint: (previous: number) => number,
): Step<ClaimAnswer> {
  const { owner, fingerprint, leaseMs, unknownRetentionMs, onAbandoned } = request;
  const run = (fence: number): Step<ClaimAnswer> => {
    const leaseUntilMs = nowMs + leaseMs;
    const untilMs = leaseUntilMs + unknownRetentionMs;
    return {
      stored: { state: 'running', owner, fingerprint, fence, leaseUntilMs, untilMs },
      answer: { status: 'claimed', fence },
    };
  };
  if (stored === undefined) return run(mint(0));
  if (stored.fingerprint !== fingerprint) return { stored, answer: { status: 'mismatch' } };
  if (stored.state === 'done') {
    return { stored, answer: { status: 'done', outcome: stored.outcome } };
  }
  if (stored.state === 'unknown') {
    return { stored, answer: { status: 'unknown', atMs: stored.atMs } };
  }
  if (stored.owner === owner) return run(stored.fence);
  const leftMs = stored.leaseUntilMs - nowMs;
  if (leftMs > 0) return { stored, answer: { status: 'running', leftMs } };
  if (onAbandoned === 'rerun') return run(mint(stored.fence));
  const { fence, leaseUntilMs: atMs, untilMs } = stored;
  return {
    stored: { state: 'unknown', fingerprint, fence, atMs, untilMs },
    answer: { status: 'unknown', atMs },
  };
}

/** Keeps an attempt alive; never makes a record anew. */
export function renew(
  stored: Stored | undefined,
  {
    fence,
    leaseMs,
    unknownRetentionMs,
  }: { fence: number; leaseMs: number; unknownRetentionMs: number },
  nowMs: number,
): Step<'renewed' | 'stolen' | 'missing'> {
  if (stored === undefined) return { stored, answer: 'missing' };
  if (stored.state !== 'running' || stored.fence !== fence) return { stored, answer: 'stolen' };
  const leaseUntilMs = nowMs + leaseMs;
  const untilMs = leaseUntilMs + unknownRetentionMs;
  return { stored: { ...stored, leaseUntilMs, untilMs }, answer: 'renewed' };
}

/**
 * Stores how an attempt ended, if the record is still that attempt's: also after its lease, as
 * long as nobody else has begun. Said twice, it is stored once.
 */
export function complete(
  stored: Stored | undefined,
  { fence, outcome, keepMs }: { fence: number; outcome: Outcome | 'unknown'; keepMs: number },
  nowMs: number,
): Step<'completed' | 'superseded' | 'missing'> {
  if (stored === undefined) return { stored, answer: 'missing' };
  if (stored.fence !== fence) return { stored, answer: 'superseded' };
  if (stored.state === 'done') return { stored, answer: 'completed' };
  const { fingerprint } = stored;
  const common = { fingerprint, fence, atMs: nowMs, untilMs: nowMs + keepMs };
  return outcome === 'unknown'
    ? { stored: { state: 'unknown', ...common }, answer: 'completed' }
    : { stored: { state: 'done', outcome, ...common }, answer: 'completed' };
}

/** Frees the key: nothing was done, and the next claim is a new attempt. */
export function release(
  stored: Stored | undefined,
  fence: number,
): Step<'released' | 'superseded' | 'missing'> {
  if (stored === undefined) return { stored, answer: 'missing' };
  const isOwn = stored.state === 'running' && stored.fence === fence;
  return isOwn ? { stored: undefined, answer: 'released' } : { stored, answer: 'superseded' };
}

/** Says of an attempt whose outcome nobody knows what somebody has found out. */
export function resolve(
  stored: Stored | undefined,
  { found, keepMs }: { found: Outcome | 'not-done'; keepMs: number },
  nowMs: number,
): Step<'resolved' | 'not-unknown'> {
  const isUnknown =
    stored?.state === 'unknown' || (stored?.state === 'running' && stored.leaseUntilMs <= nowMs);
  if (stored === undefined || !isUnknown) return { stored, answer: 'not-unknown' };
  if (found === 'not-done') return { stored: undefined, answer: 'resolved' };
  const { fingerprint, fence } = stored;
  const untilMs = nowMs + keepMs;
  return {
    stored: { state: 'done', fingerprint, fence, outcome: found, atMs: nowMs, untilMs },
    answer: 'resolved',
  };
}
