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

interface Read {
  /** The salts that it has not looked into. */
  left: number[];
  /** The items that were written before it began, and that it has not found. */
  wants: number[];
  /** Whether it began before the drain had copied. */
  old: boolean;
}

interface State extends Progress {
  /** How many writes have begun. */
  begun: number;
  /** The items whose writes have ended. */
  written: number[];
  /** The items in each salt. */
  salts: number[][];
  /** What each process is writing, and into which salt. */
  writing: ([item: number, salt: number] | null)[];
  reading: (Read | null)[];
}

const drained = 2;

/**
 * Salted writes by two processes: each writes an item to any salt of its version, and reads by
 * looking into each salt of its version, one after the other, in any order. A read has to find
 * every item whose write ended before it began.
 */
export function saltedModel(plan: readonly Version[], rules: Rules, writes = 2): Model<State> {
  const end = plan.at(-1) as Version;
  const widest = Math.max(...plan.flatMap(({ read, write }) => [read, write]));
  const first: State = {
    versions: [0, 0],
    worked: 0,
    begun: 0,
    written: [],
    salts: upTo(widest).map(() => []),
    writing: [null, null],
    reading: [null, null],
  };

  function* ofProcess(state: State, p: number): Generator<readonly [string, State]> {
    const { read, write } = plan[state.versions[p] as number] as Version;
    const { reading, writing } = state;
    const isIdle = reading[p] === null && writing[p] === null;
    const name = `process ${p} at version ${state.versions[p]}`;
    if (mayAdvance(state, p, plan, rules, drained) && (isIdle || !rules.endsFirst)) {
      const next = structuredClone(state);
      next.versions[p] = (next.versions[p] as number) + 1;
      yield [`${name} goes on`, next];
    }
    if (writing[p] === null && state.begun < writes) {
      for (const salt of upTo(write)) {
        const next = structuredClone(state);
        next.begun += 1;
        next.writing[p] = [next.begun, salt];
        yield [`${name} begins to write ${next.begun} to salt ${salt}`, next];
      }
    } else if (writing[p]) {
      const [item, salt] = writing[p];
      const next = structuredClone(state);
      next.writing[p] = null;
      next.written = [...next.written, item].sort();
      next.salts[salt] = [...(next.salts[salt] as number[]), item].sort();
      yield [`${name} has written ${item} to salt ${salt}`, next];
    }
    if (reading[p] === null) {
      const next = structuredClone(state);
      next.reading[p] = { left: upTo(read), wants: state.written, old: state.worked === 0 };
      // One that has nothing to find cannot lose anything.
      if (state.written.length > 0) yield [`${name} begins to read`, next];
    } else {
      for (const salt of reading[p]?.left ?? []) yield look(state, p, salt, name);
    }
  }

  function* drain(state: State): Generator<readonly [string, State]> {
    if (!rules.works || !mayWork(state, plan) || state.worked === drained) return;
    const next = structuredClone(state);
    next.worked += 1;
    if (state.worked === 0) {
      const copied = new Set([...state.salts[0]!, ...state.salts.slice(end.read).flat()]);
      next.salts[0] = [...copied].sort();
      yield ['the drain copies to salt 0', next];
    } else if (!rules.careful || state.reading.every((read) => !read?.old)) {
      next.salts = next.salts.map((items, salt) => (salt < end.read ? items : []));
      yield ['the drain deletes', next];
    }
  }

  return {
    first,
    *next(state) {
      for (const p of [0, 1]) yield* ofProcess(state, p);
      yield* drain(state);
    },
  };
}

function look(state: State, p: number, salt: number, name: string): readonly [string, State] {
  const next = structuredClone(state);
  const read = next.reading[p] as Read;
  read.left = read.left.filter((one) => one !== salt);
  read.wants = read.wants.filter((item) => !state.salts[salt]?.includes(item));
  if (read.wants.length === 0) next.reading[p] = null;
  else if (read.left.length === 0) throw new LostRead(`${name} has not found ${read.wants}`);
  return [`${name} looks into salt ${salt}`, next];
}
