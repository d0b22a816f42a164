/** Something that happens at an instant; cancelled, it does not. */
export interface Appointment {
  readonly atMs: number;
  /** What happens; `undefined` once it is cancelled. */
  happen: (() => void) | undefined;
}

/** What is to happen, in order: of two at the same instant, the one that was added first. */
export interface Agenda {
  add(atMs: number, happen: () => void): Appointment;
  /** Takes the next one out that was not cancelled; `undefined` when nothing is left. */
  next(): Appointment | undefined;
}

interface Entry extends Appointment {
  readonly order: number;
}

/** Creates an empty agenda: a binary heap. */
export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let added = 0;

  function rise(entry: Entry): void {
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = heap[above] as Entry;
      if (isBefore(other, entry)) break;
      heap[place] = other;
      place = above;
    }
    heap[place] = entry;
  }

  function sink(entry: Entry): void {
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, heap[below] as Entry)) below += 1;
      const other = heap[below] as Entry;
      if (isBefore(entry, other)) break;
      heap[place] = other;
      place = below;
    }
    heap[place] = entry;
  }

  return {
    add(atMs, happen) {
      const entry = { atMs, happen, order: added };
      added += 1;
      rise(entry);
      return entry;
    },
    next() {
      for (;;) {
        const first = heap[0];
        const last = heap.pop();
        if (first === undefined || last === undefined) return undefined;
        if (heap.length > 0) sink(last);
        if (first.happen !== undefined) return first;
      }
    },
  };
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
