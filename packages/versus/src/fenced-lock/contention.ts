import { setTimeout as sleep } from 'node:timers/promises';

/** How so many contend for one thing. */
export interface Contest {
  /** How many there are. */
  readonly contenders: number;
  /** How long each has it, in milliseconds. */
  readonly holdMs: number;
  /** How long each is busy elsewhere before it wants it again, in milliseconds. */
  readonly thinkMs: number;
  /** How long they go on before anything counts, in milliseconds: the first rush is not usual. */
  readonly warmUpMs: number;
  /** How long they go on after that, in milliseconds. */
  readonly durationMs: number;
}

/** What became of them. */
export interface Contention {
  /** How often it was had in the time that counts. */
  readonly handOffs: number;
  /** How often it was had at all, for what is divided by all of it. */
  readonly allHandOffs: number;
  /** How long each waited, in milliseconds, for whatever was asked for in the time that counts. */
  readonly waitsMs: readonly number[];
  /** How often each contender had it in the time that counts. */
  readonly shares: readonly number[];
}

/**
 * Lets contenders want the same thing over and over, each by `hold`, which waits for it and then
 * does the work that it is given. Whoever waits at the end is waited for, however long that is.
 */
export async function compete(
  hold: (work: () => Promise<unknown>) => Promise<unknown>,
  { contenders, holdMs, thinkMs, warmUpMs, durationMs }: Contest,
): Promise<Contention> {
  const waitsMs: number[] = [];
  const shares = new Array<number>(contenders).fill(0);
  let allHandOffs = 0;
  const countsFrom = performance.now() + warmUpMs;
  const endsAt = countsFrom + durationMs;
  async function contend(who: number): Promise<void> {
    for (let askedAt = performance.now(); askedAt < endsAt; askedAt = performance.now()) {
      await hold(async () => {
        const hadAt = performance.now();
        allHandOffs += 1;
        if (askedAt >= countsFrom) waitsMs.push(hadAt - askedAt);
        if (hadAt >= countsFrom && hadAt < endsAt) shares[who] = (shares[who] as number) + 1;
        await sleep(holdMs);
      });
      if (thinkMs > 0) await sleep(thinkMs);
    }
  }
  await Promise.all(shares.map((_, who) => contend(who)));
  const handOffs = shares.reduce((sum, share) => sum + share, 0);
  return { handOffs, allHandOffs, waitsMs, shares };
}

/**
 * How fair shares are, as R. Jain, D. Chiu and W. Hawe put it (1984): 1 when all are the same,
 * 1 / n when one has everything.
 */
export function jainIndex(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return sum ** 2 / (shares.length * squares);
}
