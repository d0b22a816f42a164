/** One key that is counted: its true weight is at least `weight − error` and at most `weight`. */
export interface Counter {
  readonly key: string;
  readonly weight: number;
  readonly error: number;
}

/**
 * Space-Saving (Metwally, Agrawal, El Abbadi: "Efficient Computation of Frequent and Top-k
 * Elements in Data Streams", ICDT 2005), with weights. At most `capacity` keys are counted; a key
 * that is new takes the place of the lightest, and inherits its weight as its error.
 */
export interface Summary {
  /** The weight of everything that was added. */
  readonly total: number;
  /** The most that a key without a counter may weigh: never above `total / capacity`. */
  readonly unseen: number;
  /** Adds a weight above 0 to a key. */
  add(key: string, weight: number): void;
  find(key: string): Counter | undefined;
  /** Every counter, in no order. */
  counters(): readonly Counter[];
  /** Multiplies all weights by a factor from 0 to 1. */
  scale(factor: number): void;
}

interface Slot {
  key: string;
  weight: number;
  error: number;
  /** Where it stands in the heap. */
  place: number;
}

/** Creates an empty summary. A heap, not the paper's list of buckets: weights are no integers. */
export function createSummary(capacity: number): Summary {
  const heap: Slot[] = [];
  const slots = new Map<string, Slot>();
  let total = 0;

  function addNew(key: string, weight: number): void {
    if (heap.length < capacity) {
      const slot = { key, weight, error: 0, place: heap.length };
      heap.push(slot);
      slots.set(key, slot);
      rise(heap, slot);
      return;
    }
    const lightest = heap[0] as Slot;
    slots.delete(lightest.key);
    slots.set(key, lightest);
    lightest.key = key;
    lightest.error = lightest.weight;
    lightest.weight += weight;
    sink(heap, lightest);
  }

  return {
    get total() {
      return total;
    },
    get unseen() {
      return heap.length < capacity ? 0 : (heap[0] as Slot).weight;
    },
    add(key, weight) {
      total += weight;
      const slot = slots.get(key);
      if (slot === undefined) return addNew(key, weight);
      slot.weight += weight;
      sink(heap, slot);
    },
    find: (key) => slots.get(key),
    counters: () => heap,
    scale(factor) {
      total *= factor;
      for (const slot of heap) {
        slot.weight *= factor;
        slot.error *= factor;
      }
    },
  };
}

function seat(heap: Slot[], slot: Slot, place: number): void {
  heap[place] = slot;
  slot.place = place;
}

/** Moves a slot up to where none above it is heavier. */
function rise(heap: Slot[], slot: Slot): void {
  let place = slot.place;
  while (place > 0) {
    const above = heap[(place - 1) >> 1] as Slot;
    if (above.weight <= slot.weight) break;
    const freed = above.place;
    seat(heap, above, place);
    place = freed;
  }
  seat(heap, slot, place);
}

/** Moves a slot down to where none below it is lighter. */
function sink(heap: Slot[], slot: Slot): void {
  let place = slot.place;
  for (;;) {
    const left = heap[2 * place + 1];
    const right = heap[2 * place + 2];
    const lighter = right !== undefined && right.weight < (left as Slot).weight ? right : left;
    if (lighter === undefined || lighter.weight >= slot.weight) break;
    const freed = lighter.place;
    seat(heap, lighter, place);
    place = freed;
  }
  seat(heap, slot, place);
}
