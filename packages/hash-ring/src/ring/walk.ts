import type { Points } from './points.js';
import type { Preference } from './ranking.js';

/**
 * A walk round the circle, which meets every member that has a point.
 *
 * @param from - The point where it begins.
 * @param members - How many members there are.
 * @param pinned - A member that comes before all others, or undefined.
 */
export function walk(
  { count, owners }: Points,
  {
    from,
    members,
    pinned,
  }: {
    readonly from: number;
    readonly members: number;
    readonly pinned: number | undefined;
  },
): Preference {
  return (visit) => {
    const met = new Uint8Array(members);
    if (pinned !== undefined) {
      met[pinned] = 1;
      if (!visit(pinned)) return;
    }
    for (let step = 0, at = from; step < count; step += 1, at += 1) {
      if (at >= count) at = 0;
      const member = owners[at] as number;
      if (met[member] === 1) continue;
      met[member] = 1;
      if (!visit(member)) return;
    }
  };
}
