import { compareText } from './members.js';
import type { Points } from './points.js';
import type { RingState } from './state.js';

/** Keys that move together: those whose positions lie in a range, pinned ones apart. */
export interface MovedRange {
  /** The position before the first of the range: a range is (from, to]. */
  readonly from: number;
  /** The last position; a range whose `to` is not above its `from` goes on through 0. */
  readonly to: number;
  /** Where they lived; undefined where nobody owned a key. */
  readonly source: string | undefined;
  /** Where they live; undefined where nobody owns a key any more. */
  readonly target: string | undefined;
  /** The range's share of the circle: a whole number of 2^−32, so sums are exact. */
  readonly fraction: number;
}

/** A key that a pin names and that moves. */
export interface MovedPin {
  /** The key. */
  readonly key: string;
  /** Where it lived. */
  readonly source: string | undefined;
  /** Where it lives. */
  readonly target: string | undefined;
}

/** What moves from one ring to the next. */
export interface RingDiff {
  /** What moves of the keys that no pin names, in the order of positions. */
  readonly ranges: readonly MovedRange[];
  /** The keys that move of those that a pin of either ring names, whatever range they lie in. */
  readonly pinned: readonly MovedPin[];
  /** The share of the circle that moves, 0 to 1. */
  readonly movedFraction: number;
  /** What each member of either ring loses and gains, as shares of the circle, by id. */
  readonly byNode: readonly NodeMoves[];
}

/** A node's part in a change. */
export interface NodeMoves {
  /** The node. */
  readonly id: string;
  /** The share of the circle that it owned and does not own any more. */
  readonly lost: number;
  /** The share of the circle that it owns and did not own before. */
  readonly gained: number;
}

const circle = 2 ** 32;

/** A ring to be compared: all that it is, and what it answers. */
export interface Compared {
  readonly state: RingState;
  nodeFor(key: string): string | undefined;
}

/** What moves from one ring to the next; both hash keys alike. */
export function diffOf(before: Compared, after: Compared): RingDiff {
  const pieces = joined(piecesOf(before.state, after.state));
  const sizes = new Map<string, { lost: number; gained: number }>();
  for (const { state } of [before, after]) {
    for (const { id } of state.members) sizes.set(id, { lost: 0, gained: 0 });
  }
  let moved = 0;
  for (const { source, target, size } of pieces) {
    moved += size;
    const loser = source === undefined ? undefined : sizes.get(source);
    const gainer = target === undefined ? undefined : sizes.get(target);
    if (loser !== undefined) loser.lost += size;
    if (gainer !== undefined) gainer.gained += size;
  }
  const share = (size: number) => size / circle;
  return {
    ranges: pieces.map(({ size, ...range }) => ({ ...range, fraction: share(size) })),
    pinned: movedPins(before, after),
    movedFraction: share(moved),
    byNode: [...sizes]
      .sort(([a], [b]) => compareText(a, b))
      .map(([id, { lost, gained }]) => ({ id, lost: share(lost), gained: share(gained) })),
  };
}

type Piece = Omit<MovedRange, 'fraction'> & { readonly size: number };

/** What moves, cut at every point of either ring. The first piece is that which wraps. */
function piecesOf(before: RingState, after: RingState): Piece[] {
  const [a, b] = [before.points, after.points];
  const pieces: Piece[] = [];
  let from = Math.max(lastOf(a), lastOf(b));
  for (let i = 0, j = 0; i < a.count || j < b.count; ) {
    const to = Math.min(positionAt(a, i), positionAt(b, j));
    const source = ownerAt(before, i);
    const target = ownerAt(after, j);
    // The only boundary of all is its own predecessor, a whole circle away.
    const size = to > from ? to - from : to - from + circle;
    if (source !== target) pieces.push({ from, to, source, target, size });
    while (positionAt(a, i) === to) i += 1;
    while (positionAt(b, j) === to) j += 1;
    from = to;
  }
  return pieces;
}

function lastOf({ count, positions }: Points): number {
  return count === 0 ? -1 : (positions[count - 1] as number);
}

function positionAt({ count, positions }: Points, at: number): number {
  return at < count ? (positions[at] as number) : Number.POSITIVE_INFINITY;
}

/** Whose a point is; past the last it is the first's, which the closing point repeats. */
function ownerAt({ members, points }: RingState, at: number): string | undefined {
  return points.count === 0 ? undefined : members[points.owners[at] as number]?.id;
}

/** Pieces that lie side by side and move alike, as one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const ranges: Piece[] = [];
  for (const piece of pieces) {
    const last = ranges.at(-1);
    if (last !== undefined && goesOn(last, piece)) ranges[ranges.length - 1] = join(last, piece);
    else ranges.push(piece);
  }
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (first === undefined || last === undefined || ranges.length === 1) return ranges;
  return goesOn(last, first) ? [join(last, first), ...ranges.slice(1, -1)] : ranges;
}

function goesOn(piece: Piece, next: Piece): boolean {
  const isSame = piece.source === next.source && piece.target === next.target;
  return isSame && piece.to === next.from;
}

function join(piece: Piece, next: Piece): Piece {
  return { ...piece, to: next.to, size: piece.size + next.size };
}

function movedPins(before: Compared, after: Compared): MovedPin[] {
  const keys = [before, after].flatMap(({ state }) => [...state.settings.pins.keys()]);
  return [...new Set(keys)].sort(compareText).flatMap((key) => {
    const [source, target] = [before.nodeFor(key), after.nodeFor(key)];
    return source === target ? [] : [{ key, source, target }];
  });
}
