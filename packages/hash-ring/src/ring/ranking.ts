import { requireInteger, requireOneOf } from '@gabion/contract';
import { quotasOf, type Zones } from './zones.js';

/** How `nodesFor` chooses. */
export interface NodesForOptions {
  /**
   * `'zone'`: no zone twice before every zone once, and so on in rounds. `'node'`: the zones are
   * not looked at. @defaultValue `'node'`
   */
  readonly spread?: 'node' | 'zone' | undefined;
}

/** Says a member's index, and is told whether to be asked for another one. */
type Visit = (member: number) => boolean;

/** Says distinct members in the order in which a key prefers them, until it is told to stop. */
export type Preference = (visit: Visit) => void;

/**
 * The first `n` of a preference, as `nodesFor` was asked for them.
 *
 * @throws TypeError | RangeError if `n` is no integer of at least 0, or `spread` no choice.
 */
export function ranked(
  fn: string,
  preference: Preference,
  n: number,
  { options = {}, zones }: { readonly options?: NodesForOptions; readonly zones: () => Zones },
): number[] {
  requireInteger(fn, 'n', n, { min: 0 });
  const { spread = defaults.spread } = options;
  requireOneOf(fn, 'spread', spread, ['node', 'zone']);
  return spread === 'zone' ? firstSpread(preference, n, zones()) : firstOf(preference, n);
}

/** What is taken where an option is left out. */
const defaults = Object.freeze({ spread: 'node' } as const);

/** The first `n` of a preference. */
function firstOf(preference: Preference, n: number): number[] {
  const first: number[] = [];
  if (n > 0) preference((member) => first.push(member) < n);
  return first;
}

/**
 * The first `n` of a preference that is spread over zones: in rounds, in each of which every zone
 * that has members left gives its next one. The place of a member depends only on those that are
 * preferred to it, so one that is not among the first `n` may come or go without moving them.
 */
function firstSpread(preference: Preference, n: number, zones: Zones): number[] {
  const quotas = quotasOf(n, zones);
  const rounds: number[][] = quotas.map(() => []);
  let missing = quotas.reduce((sum, quota) => sum + quota, 0);
  if (missing === 0) return [];
  const met = new Uint32Array(zones.of.length);
  preference((member) => {
    const zone = zones.of[member] as number;
    const round = met[zone] as number;
    met[zone] = round + 1;
    const own = rounds[round];
    if (own !== undefined && own.length < (quotas[round] as number)) {
      own.push(member);
      missing -= 1;
    }
    return missing > 0;
  });
  return rounds.flat();
}
