/**
 * A consistent hash ring: immutable, weighted, the same in every process, and fast to ask.
 *
 * @packageDocumentation
 */
export {
  type BoundedRing,
  type BoundedRingOptions,
  createBoundedRing,
  type Held,
  type NodeLoad,
  type RankedNodes,
} from './bounded.js';
export type { NodeShare, RingBalance } from './ring/balance.js';
export type { MovedPin, MovedRange, NodeMoves, RingDiff } from './ring/diff.js';
export type {
  HashRingOptions,
  PlacementOptions,
  RingMember,
  RingNode,
} from './ring/members.js';
export type { NodesForOptions } from './ring/ranking.js';
export { createHashRing, type HashRing } from './ring.js';
