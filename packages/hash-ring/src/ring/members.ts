import { requireInteger, requireKey, requireNumber, show } from '@gabion/contract';

/** A node as it is given to a ring. */
export interface RingNode {
  /** What the ring answers with: well-formed text of 1 to 1 024 characters. */
  readonly id: string;
  /**
   * How much of the keys it owns relative to the others, 0 to 16 777 216. A node of weight 0 is
   * drained: a member that owns nothing. @defaultValue 1
   */
  readonly weight?: number | undefined;
  /** What fails together with it, say a data centre; a node without one is a zone of its own. */
  readonly zone?: string | undefined;
}

/** A node of a ring, with every default in its place. */
export interface RingMember {
  /** What the ring answers with. */
  readonly id: string;
  /** How much of the keys it owns relative to the others; 0 for a drained one. */
  readonly weight: number;
  /** What fails together with it; undefined for a zone of its own. */
  readonly zone: string | undefined;
}

/** What decides an answer beside the nodes; all who must agree need the same. */
export interface PlacementOptions {
  /** Begins the hash, 0 to 2^32 − 1. @defaultValue 0 */
  readonly seed?: number | undefined;
  /**
   * Keys that live on a node of your choice, by key; only own properties count. A pin to a node
   * that is absent or drained is ignored for as long as it is. @defaultValue `{}`
   */
  readonly pins?: Readonly<Record<string, string>> | undefined;
}

/** Options of `createHashRing`. */
export interface HashRingOptions extends PlacementOptions {
  /**
   * Points on the ring of a node of weight 1, 1 to 65 536: more of them balance better and take
   * more memory. A node of weight w has `max(1, round(vnodes · w))`. @defaultValue 160
   */
  readonly vnodes?: number | undefined;
}

/** The options with every default in its place, checked; they never change with the nodes. */
export interface Placement {
  readonly seed: number;
  /** Node by key, sorted by key. */
  readonly pins: ReadonlyMap<string, string>;
}

/** The same of a ring. */
export interface RingSettings extends Placement {
  readonly vnodes: number;
}

/** What is taken where an option is left out. */
export const defaults = Object.freeze({ vnodes: 160, seed: 0, weight: 1 } as const);

const mostVnodes = 65_536;
/** The most points of one ring, and the largest weight: 2^24. */
const mostPoints = 16_777_216;

/** The options of a ring, checked. */
export function settleRing(fn: string, options: HashRingOptions): RingSettings {
  const placement = settlePlacement(fn, options);
  const { vnodes = defaults.vnodes } = options;
  return {
    ...placement,
    vnodes: requireInteger(fn, 'vnodes', vnodes, { min: 1, max: mostVnodes }),
  };
}

/** The options that everything here has, checked. */
export function settlePlacement(fn: string, options: PlacementOptions): Placement {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${fn}: options must be an object, got ${show(options)}`);
  }
  const { seed = defaults.seed, pins = {} } = options;
  requireInteger(fn, 'seed', seed, { min: 0, max: 0xffffffff });
  if (typeof pins !== 'object' || pins === null || Array.isArray(pins)) {
    throw new TypeError(`${fn}: pins must be an object of node ids by key, got ${show(pins)}`);
  }
  const entries = Object.entries(pins).map(([key, node]): [string, string] => {
    requireWellFormed(fn, 'each key of pins', key);
    return [key, requireText(fn, `pins[${show(key)}]`, node)];
  });
  return { seed, pins: new Map(entries.sort(([a], [b]) => compareText(a, b))) };
}

/** One node, checked, with its defaults. */
export function memberOf(fn: string, argument: string, node: string | RingNode): RingMember {
  if (typeof node === 'string') {
    return Object.freeze({
      id: requireText(fn, argument, node),
      weight: defaults.weight,
      zone: undefined,
    });
  }
  if (typeof node !== 'object' || node === null) {
    throw new TypeError(`${fn}: ${argument} must be a node or an id, got ${show(node)}`);
  }
  const { id, weight = defaults.weight, zone } = node;
  return Object.freeze({
    id: requireText(fn, `${argument}.id`, id),
    weight: requireWeight(fn, `${argument}.weight`, weight),
    zone: zone === undefined ? undefined : requireText(fn, `${argument}.zone`, zone),
  });
}

/** All nodes, checked, sorted by id, each id once. */
export function membersOf(fn: string, nodes: readonly (string | RingNode)[]): RingMember[] {
  if (!Array.isArray(nodes)) {
    throw new TypeError(`${fn}: nodes must be an array, got ${show(nodes)}`);
  }
  const members = nodes.map((node, i) => memberOf(fn, `nodes[${i}]`, node));
  members.sort((a, b) => compareText(a.id, b.id));
  for (let i = 1; i < members.length; i += 1) {
    const { id } = members[i] as RingMember;
    if (members[i - 1]?.id === id) {
      throw new RangeError(`${fn}: nodes must have an id each, got ${show(id)} twice`);
    }
  }
  return members;
}

/** A weight, checked; −0 is 0. */
export function requireWeight(fn: string, argument: string, weight: unknown): number {
  return requireNumber(fn, argument, weight, { min: 0, max: mostPoints }) + 0;
}

/** How many points a member has; only a drained one has none. */
export function pointsOf({ weight }: RingMember, { vnodes }: Pick<RingSettings, 'vnodes'>): number {
  return weight === 0 ? 0 : Math.max(1, Math.round(vnodes * weight));
}

/** Throws if the members have more points together than a ring may hold. */
export function requireFewPoints(
  fn: string,
  members: readonly RingMember[],
  settings: RingSettings,
): void {
  const points = members.reduce((sum, member) => sum + pointsOf(member, settings), 0);
  if (points > mostPoints) {
    throw new RangeError(
      `${fn}: vnodes times all weights must be at most ${mostPoints} points, got ${points}`,
    );
  }
}

/** The order of code units: the same in every locale, as `Array.prototype.sort` has it. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Text that UTF-8 can hold: two ids that differ in lone surrogates alone would be one. */
function requireText(fn: string, argument: string, value: unknown): string {
  return requireWellFormed(fn, argument, requireKey(fn, argument, value));
}

function requireWellFormed(fn: string, argument: string, value: string): string {
  if (value.isWellFormed()) return value;
  throw new RangeError(`${fn}: ${argument} must have no lone surrogate, got ${show(value)}`);
}
