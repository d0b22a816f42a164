import { pointsOf, type RingMember, type RingSettings, requireFewPoints } from './members.js';
import { changePoints, drawPoints, type Points } from './points.js';

/** All that a ring is. The members are in the order of ids; the points follow from the rest. */
export interface RingState {
  readonly members: readonly RingMember[];
  readonly settings: RingSettings;
  readonly points: Points;
}

/** A ring of these members, drawn anew. */
export function drawn(
  fn: string,
  members: readonly RingMember[],
  settings: RingSettings,
): RingState {
  requireFewPoints(fn, members, settings);
  const ids = members.map(({ id }) => id);
  const counts = members.map((member) => pointsOf(member, settings));
  return { members, settings, points: drawPoints(ids, counts, settings.seed) };
}

/**
 * A ring of members most of which are those of the old one: only the points of the others are
 * drawn, and those that stay are taken over, sorted as they are.
 */
export function redrawn(fn: string, old: RingState, members: readonly RingMember[]): RingState {
  const { settings } = old;
  requireFewPoints(fn, members, settings);
  const indices = new Map(members.map((member, i) => [member, i]));
  const renumbered = Int32Array.from(old.members, (member) => indices.get(member) ?? -1);
  const known = new Set(old.members);
  const ids = members.map(({ id }) => id);
  const counts = members.map((one) => (known.has(one) ? 0 : pointsOf(one, settings)));
  const coming = drawPoints(ids, counts, settings.seed);
  const change = { renumbered, members: members.length, coming };
  return { members, settings, points: changePoints(old.points, change) };
}
