import fc from 'fast-check';
import { createHashRing, type HashRing, type RingNode } from '../src/index.js';
import type { Membership } from './brute-ring.js';

/** Ids that are easily taken for one another, or for something else. */
const ids = [
  ...'a a1 a11 1 11 1:a : __proto__ constructor toString node-1 node-10 b c d e'.split(' '),
  ...'é 日本 \u{1f600}'.split(' '),
];

const weights = [0, 0.001, 0.25, 0.5, 1, 1, 1, 2, 3.7];
const zones = [undefined, undefined, 'z1', 'z2', 'z3', '__proto__'];

export const anyKey = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.nat({ max: 40 }).map((i) => `key-${i}`),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', 'é'),
);

export const anyKeys = fc.array(anyKey, { minLength: 1, maxLength: 30 });

export function anyNodes(most = 8): fc.Arbitrary<RingNode[]> {
  const node = fc.record({
    id: fc.constantFrom(...ids),
    weight: fc.constantFrom(...weights),
    zone: fc.constantFrom(...zones),
  });
  return fc.uniqueArray(node, { selector: ({ id }) => id, maxLength: most });
}

const anyPins = fc
  .array(fc.tuple(anyKey, fc.constantFrom(...ids, 'absent')), { maxLength: 4 })
  .map((pins) => new Map(pins.filter(([key]) => key.isWellFormed())));

/** Any ring, with few points so that every boundary is met. */
export const anyMembership: fc.Arbitrary<Membership> = fc.record({
  nodes: anyNodes(),
  vnodes: fc.integer({ min: 1, max: 12 }),
  seed: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffffffff })),
  pins: anyPins,
});

/** The package's ring of a membership. */
export function ringOf({ nodes, vnodes, seed, pins }: Membership): HashRing {
  return createHashRing(nodes, { vnodes, seed, pins: Object.fromEntries(pins) });
}

/** One change of a ring's members. */
export type Change =
  | { readonly kind: 'with'; readonly node: RingNode }
  | { readonly kind: 'without'; readonly at: number }
  | { readonly kind: 'reweigh'; readonly at: number; readonly weight: number };

export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  anyNodes(1)
    .filter((nodes) => nodes.length === 1)
    .map((nodes) => ({ kind: 'with' as const, node: nodes[0] as RingNode })),
  fc.nat().map((at) => ({ kind: 'without' as const, at })),
  fc.record({
    kind: fc.constant('reweigh' as const),
    at: fc.nat(),
    weight: fc.constantFrom(...weights),
  }),
);

/** The change, made on the ring and on its membership; undefined where it cannot be made. */
export function changed(ring: HashRing, membership: Membership, change: Change) {
  const { nodes } = membership;
  if (change.kind === 'with') {
    if (nodes.some(({ id }) => id === change.node.id)) return undefined;
    const next = { ...membership, nodes: [...nodes, change.node] };
    return { id: change.node.id, ring: ring.with(change.node), membership: next };
  }
  const node = nodes[change.at % nodes.length];
  if (node === undefined) return undefined;
  const { id } = node;
  const others = nodes.filter((other) => other.id !== id);
  if (change.kind === 'without') {
    return { id, ring: ring.without(id), membership: { ...membership, nodes: others } };
  }
  const next = { ...membership, nodes: [...others, { ...node, weight: change.weight }] };
  return { id, ring: ring.reweigh(id, change.weight), membership: next };
}
