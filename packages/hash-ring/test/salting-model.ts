/** What a version tells processes about one key. */
export interface Version {
  readonly read: number;
  readonly write: number;
  readonly afterwards?: 'drain' | 'backfill' | undefined;
}

/** What processes keep to while versions change; a model without one of them must lose a read. */
export interface Rules {
  /** How many versions apart two processes may be. */
  readonly apart: number;
  /** Whether a process ends what it began before it goes on to the next version. */
  readonly endsFirst: boolean;
  /** Whether what `afterwards` says is done. */
  readonly works: boolean;
  /** Whether draining lets reads end before it deletes, backfilling keeps what is newer. */
  readonly careful: boolean;
}

export const allRules: Rules = { apart: 1, endsFirst: true, works: true, careful: true };

/** What both models have in common: the versions of the processes, and the work between two. */
export interface Progress {
  /** The index of the version that each process runs. */
  versions: number[];
  /** How far the work between two versions is; what it means is the model's own. */
  worked: number;
}

/** A model: where it begins, every next state, and what is wrong with a state. */
export interface Model<State> {
  readonly first: State;
  /** Whatever may happen next, each with its name. */
  next(state: State): Iterable<readonly [what: string, state: State]>;
}

/** Thrown by a model when a read ends without what it had to find. */
export class LostRead extends Error {}

/** What came of all interleavings. */
export interface Explored {
  readonly states: number;
  /** The highest version that all processes reached together. */
  readonly reached: number;
  /** How a read was lost, step by step; undefined when none was. */
  readonly lost: readonly string[] | undefined;
}

/** Walks through every state that can be reached, the nearest first. */
export function explore<State extends Progress>({ first, next }: Model<State>): Explored {
  const cameFrom = new Map<string, readonly [before: string, what: string]>();
  const queue: State[] = [first];
  cameFrom.set(JSON.stringify(first), ['', '']);
  let reached = 0;
  for (let i = 0; i < queue.length; i += 1) {
    const state = queue[i] as State;
    const name = JSON.stringify(state);
    reached = Math.max(reached, Math.min(...state.versions));
    try {
      for (const [what, following] of next(state)) {
        const followingName = JSON.stringify(following);
        if (cameFrom.has(followingName)) continue;
        cameFrom.set(followingName, [name, what]);
        queue.push(following);
      }
    } catch (error) {
      if (!(error instanceof LostRead)) throw error;
      return { states: cameFrom.size, reached, lost: [...pathTo(cameFrom, name), error.message] };
    }
  }
  return { states: cameFrom.size, reached, lost: undefined };
}

function pathTo(
  cameFrom: ReadonlyMap<string, readonly [before: string, what: string]>,
  name: string,
): string[] {
  const [before, what] = cameFrom.get(name) as readonly [string, string];
  return what === '' ? [] : [...pathTo(cameFrom, before), what];
}

/** Whether a process may go on to the next version now. */
export function mayAdvance(
  { versions, worked }: Progress,
  process: number,
  plan: readonly Version[],
  { apart, works }: Rules,
  done: number,
): boolean {
  const version = versions[process] as number;
  if (version === plan.length - 1 || Math.min(...versions) + apart <= version) return false;
  return plan[version]?.afterwards === undefined || !works || worked === done;
}

/** Whether every process runs the version that is followed by work. */
export function mayWork({ versions }: Progress, plan: readonly Version[]): boolean {
  return versions.every((version) => plan[version]?.afterwards !== undefined);
}

/** 0 to n − 1. */
export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
