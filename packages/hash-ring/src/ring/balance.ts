import { show } from '@gabion/contract';
import { pointsOf, type RingMember } from './members.js';
import type { RingState } from './state.js';

/** How evenly a ring shares out the circle, pins apart. */
export interface RingBalance {
  /** Every member, by id. */
  readonly nodes: readonly NodeShare[];
  /**
   * The most that a node owns relative to what its weight asks for: 1 is perfect; 0 where nobody
   * owns anything.
   */
  readonly peakToMean: number;
  /** What could be better and how, in sentences; empty where all is as it should be. */
  readonly advice: readonly string[];
}

/** What a node owns. */
export interface NodeShare {
  /** The node. */
  readonly id: string;
  /** The share that its weight asks for, 0 to 1. */
  readonly expected: number;
  /** The share of the circle that it owns, 0 to 1. */
  readonly actual: number;
}

/** A peak above this is worth a word. */
const notablePeak = 1.25;
/** Points that are off by more than this part of what the weight asks for are, too. */
const notableRounding = 0.05;

/** How evenly the circle is shared out, and what to do about it. */
export function balanceOf(state: RingState): RingBalance {
  const { members } = state;
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  const owned = ownedBy(state);
  const nodes = members.map(({ id, weight }, i) => ({
    id,
    expected: weight === 0 ? 0 : weight / total,
    actual: owned[i] as number,
  }));
  const owning = nodes.filter(({ expected }) => expected > 0);
  const peak = owning.reduce<NodeShare | undefined>(
    (most, node) => (most === undefined || ratio(node) > ratio(most) ? node : most),
    undefined,
  );
  if (peak === undefined) return { nodes, peakToMean: 0, advice: [nobody, ...idlePins(state)] };
  const advice = [...unevenness(peak, owning.length, state), ...roundings(state)];
  return { nodes, peakToMean: ratio(peak), advice: [...advice, ...idlePins(state)] };
}

const nobody = 'No node has a weight above 0: every key is answered with undefined.';

function ratio({ expected, actual }: NodeShare): number {
  return actual / expected;
}

/** The share of the circle before each member's points. */
function ownedBy({ members, points }: RingState): Float64Array {
  const owned = new Float64Array(members.length);
  const { count, positions, owners } = points;
  let from = count === 0 ? 0 : (positions[count - 1] as number) - 2 ** 32;
  for (let i = 0; i < count; i += 1) {
    const owner = owners[i] as number;
    const to = positions[i] as number;
    owned[owner] = (owned[owner] as number) + (to - from) / 2 ** 32;
    from = to;
  }
  return owned;
}

/**
 * A share of V points varies by 1/√V of itself, so the largest of n is at some 1 + √(2 ln n / V),
 * as the largest of n normal variables is at √(2 ln n) deviations.
 */
function unevenness(peak: NodeShare, nodes: number, { settings }: RingState): string[] {
  if (ratio(peak) <= notablePeak) return [];
  const { vnodes } = settings;
  const enough = Math.ceil((2 * Math.log(nodes)) / (notablePeak - 1) ** 2);
  const wanted = Math.max(enough, 2 * vnodes);
  return [
    `${show(peak.id)} owns ${ratio(peak).toFixed(2)} times what its weight asks for: ` +
      `raise vnodes from ${vnodes} to ${wanted}, or bound the loads by createBoundedRing.`,
  ];
}

function roundings({ members, settings }: RingState): string[] {
  return members.flatMap((member: RingMember) => {
    const wanted = settings.vnodes * member.weight;
    const points = pointsOf(member, settings);
    if (points === 0 || Math.abs(points - wanted) <= notableRounding * wanted) return [];
    return [
      `${show(member.id)} has ${points} points where its weight asks for ` +
        `${Number(wanted.toPrecision(3))}: scale all weights up, or raise vnodes.`,
    ];
  });
}

function idlePins({ members, settings }: RingState): string[] {
  const owning = new Set(members.filter(({ weight }) => weight > 0).map(({ id }) => id));
  const idle = [...settings.pins].filter(([, id]) => !owning.has(id));
  if (idle.length === 0) return [];
  const [key, id] = idle[0] as [string, string];
  const others = idle.length === 1 ? '' : ` and ${idle.length - 1} more`;
  return [`The pin of ${show(key)} to ${show(id)}${others} is ignored: no such node owns keys.`];
}
