import {
  LostRead,
  type Model,
  mayAdvance,
  mayWork,
  type Progress,
  type Rules,
  upTo,
  type Version,
} from './salting-model.js';

interface State extends Progress {
  /** The newest value that a write has begun with; values count up. */
  begun: number;
  /** The newest value whose write has ended: every copy is there. */
  written: number;
  /** The value of each copy; 0 before any write. */
  copies: number[];
  /** What each process is writing, and which copies it has still to write. */
  writing: ([value: number, left: number[]] | null)[];
  /** The copy that each process is going to read, and the oldest value that will do. */
  reading: ([salt: number, wants: number] | null)[];
  /** What the backfill has read from copy 0 and not yet written. */
  carried: number;
}

/**
 * Replicated writes by two processes: each writes a value to all copies of its version, one after
 * the other, in any order, and reads any one copy of its version. A copy keeps the newest value. A
 * read has to find the newest value whose write ended before it began, or a newer one.
 */
export function replicatedModel(plan: readonly Version[], rules: Rules, writes = 2): Model<State> {
  const widest = Math.max(...plan.flatMap(({ read, write }) => [read, write]));
  const end = plan.at(-1) as Version;
  /** Copy 0 is read once, and then written to each of the others. */
  const backfilled = end.read;
  const first: State = {
    versions: [0, 0],
    worked: 0,
    begun: 0,
    written: 0,
    copies: Array(widest).fill(0),
    writing: [null, null],
    reading: [null, null],
    carried: 0,
  };

  function* ofProcess(state: State, p: number): Generator<readonly [string, State]> {
    const { read, write } = plan[state.versions[p] as number] as Version;
    const { reading, writing } = state;
    const name = `process ${p} at version ${state.versions[p]}`;
    const isIdle = reading[p] === null && writing[p] === null;
    if (mayAdvance(state, p, plan, rules, backfilled) && (isIdle || !rules.endsFirst)) {
      const next = structuredClone(state);
      next.versions[p] = (next.versions[p] as number) + 1;
      yield [`${name} goes on`, next];
    }
    if (writing[p] === null && state.begun < writes) {
      const next = structuredClone(state);
      next.begun += 1;
      next.writing[p] = [next.begun, upTo(write)];
      yield [`${name} begins to write ${next.begun}`, next];
    }
    for (const salt of writing[p]?.[1] ?? []) yield writeCopy(state, p, salt, name);
    if (reading[p] === null) {
      for (const salt of upTo(read)) {
        const next = structuredClone(state);
        next.reading[p] = [salt, state.written];
        if (state.written > 0) yield [`${name} begins to read copy ${salt}`, next];
      }
    } else {
      yield readCopy(state, p, name);
    }
  }

  function* backfill(state: State): Generator<readonly [string, State]> {
    if (!rules.works || !mayWork(state, plan) || state.worked === backfilled) return;
    const next = structuredClone(state);
    next.worked += 1;
    if (state.worked === 0) {
      next.carried = state.copies[0] as number;
      yield ['the backfill reads copy 0', next];
    } else {
      const there = state.copies[state.worked] as number;
      next.copies[state.worked] = rules.careful ? Math.max(there, state.carried) : state.carried;
      yield [`the backfill writes copy ${state.worked}`, next];
    }
  }

  return {
    first,
    *next(state) {
      for (const p of [0, 1]) yield* ofProcess(state, p);
      yield* backfill(state);
    },
  };
}

function writeCopy(state: State, p: number, salt: number, name: string): readonly [string, State] {
  const next = structuredClone(state);
  const [value, left] = next.writing[p] as [number, number[]];
  next.copies[salt] = Math.max(next.copies[salt] as number, value);
  const rest = left.filter((one) => one !== salt);
  next.writing[p] = rest.length === 0 ? null : [value, rest];
  if (rest.length === 0) next.written = Math.max(next.written, value);
  return [`${name} writes ${value} to copy ${salt}`, next];
}

function readCopy(state: State, p: number, name: string): readonly [string, State] {
  const [salt, wants] = state.reading[p] as [number, number];
  const found = state.copies[salt] as number;
  if (found < wants) throw new LostRead(`${name} has found ${found} in copy ${salt}, not ${wants}`);
  const next = structuredClone(state);
  next.reading[p] = null;
  return [`${name} reads copy ${salt}`, next];
}
