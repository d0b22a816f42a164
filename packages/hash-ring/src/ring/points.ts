import { murmur3 } from '../hash/murmur3.js';

/**
 * Points in the order of (position, owner, vnode); two that collide are both kept. One more
 * follows the last: it closes the circle, at the highest position, and belongs to whom the first
 * point belongs to.
 */
export interface Points {
  /** How many there are, without the one that closes the circle. */
  readonly count: number;
  /** Where they are, ascending. */
  readonly positions: Uint32Array;
  /** Whose they are: the index of the member, in the order of ids. */
  readonly owners: Uint16Array | Uint32Array;
}

/** No points at all, of so many members. */
function room(count: number, members: number): Points {
  const Owners = members <= 0x10000 ? Uint16Array : Uint32Array;
  return { count, positions: new Uint32Array(count + 1), owners: new Owners(count + 1) };
}

function closed(points: Points): Points {
  points.positions[points.count] = 0xffffffff;
  points.owners[points.count] = points.owners[0] as number;
  return points;
}

/**
 * Draws the points of all members and sorts them. Point `i` of node `n` is at the hash of the
 * text `i:n`. Digits end at the first colon, so no two points share a name.
 *
 * @param ids - The members' ids, in order.
 * @param counts - How many points each has.
 */
export function drawPoints(ids: readonly string[], counts: readonly number[], seed: number) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const drawn = room(total, ids.length);
  let at = 0;
  for (const [owner, id] of ids.entries()) {
    const count = counts[owner] as number;
    for (let vnode = 0; vnode < count; vnode += 1, at += 1) {
      drawn.positions[at] = murmur3(`${vnode}:${id}`, seed);
      drawn.owners[at] = owner;
    }
  }
  return closed(sortByPosition(drawn, ids.length));
}

/** How the members of one ring become those of the next. */
export interface Change {
  /** The new index of each old member, ascending; −1 for one that goes. */
  readonly renumbered: Int32Array;
  /** How many members there are then. */
  readonly members: number;
  /** The points of one that comes, under its new index. */
  readonly coming: Points;
}

/**
 * Keeps the points of the members that stay and merges in those of one that comes, in the order
 * that they would have if all were drawn anew.
 */
export function changePoints(old: Points, { renumbered, members, coming }: Change): Points {
  let kept = 0;
  for (let i = 0; i < old.count; i += 1) {
    if ((renumbered[old.owners[i] as number] as number) >= 0) kept += 1;
  }
  const next = room(kept + coming.count, members);
  let to = 0;
  let other = 0;
  const take = (position: number, owner: number) => {
    next.positions[to] = position;
    next.owners[to] = owner;
    to += 1;
  };
  const takeComing = () => {
    take(coming.positions[other] as number, coming.owners[other] as number);
    other += 1;
  };
  for (let from = 0; from < old.count; from += 1) {
    const owner = renumbered[old.owners[from] as number] as number;
    if (owner < 0) continue;
    const position = old.positions[from] as number;
    while (other < coming.count && isBefore(coming, other, position, owner)) takeComing();
    take(position, owner);
  }
  while (other < coming.count) takeComing();
  return closed(next);
}

function isBefore({ positions, owners }: Points, at: number, position: number, owner: number) {
  const own = positions[at] as number;
  return own < position || (own === position && (owners[at] as number) < owner);
}

/** The digits of the radix sort, lowest first: 11, 11 and 10 bits. */
const digits = [
  { shift: 0, mask: 0x7ff },
  { shift: 11, mask: 0x7ff },
  { shift: 22, mask: 0x3ff },
] as const;

/** A stable sort, so that points at one position stay in the order in which they were drawn. */
function sortByPosition(drawn: Points, members: number): Points {
  const { count } = drawn;
  let from = drawn;
  let to = room(count, members);
  for (const { shift, mask } of digits) {
    const places = new Uint32Array(mask + 2);
    for (let i = 0; i < count; i += 1) {
      const digit = ((from.positions[i] as number) >>> shift) & mask;
      places[digit + 1] = (places[digit + 1] as number) + 1;
    }
    for (let digit = 1; digit <= mask; digit += 1) {
      places[digit] = (places[digit] as number) + (places[digit - 1] as number);
    }
    for (let i = 0; i < count; i += 1) {
      const position = from.positions[i] as number;
      const digit = (position >>> shift) & mask;
      const place = places[digit] as number;
      places[digit] = place + 1;
      to.positions[place] = position;
      to.owners[place] = from.owners[i] as number;
    }
    [from, to] = [to, from];
  }
  return from;
}
