import {
  replicatedVerbs,
  type SaltChoiceOptions,
  type SalterState,
  saltedVerbs,
} from './choosing.js';
import { createHotSet } from './hot-set.js';
import { assertAdjacent } from './salt-steps.js';
import { joinSalt, requirePlainKey, splitSalt } from './salted-key.js';
import { requireOwnConfig, type SalterOptions, settle } from './salter-options.js';
import { type SaltConfig, saltsOf } from './salts.js';
import {
  createSeats,
  liveNodes,
  requireRing,
  type SaltRing,
  type SeatMove,
  seatsOf,
} from './seats.js';

/** What a salter is told anew. */
export interface SalterUpdateOptions {
  /** The ring from now on. */
  readonly ring?: SaltRing | undefined;
  /** The next configuration, or the one before: never two versions away. */
  readonly config?: SaltConfig | undefined;
}

/** Spreads a key that is too hot for any node over several. */
export interface Salter {
  /** The configuration in use. */
  readonly config: SaltConfig;
  /**
   * The key to write one part of `key` to: itself, or with one of its salts. Of those there are
   * as many as a table says; where the configuration has a number and there is a sketch, as many
   * as the key's share needs, up to that number, and 1 while it is not hot. Never more than nodes.
   *
   * @throws RangeError for a key that ends in the separator and digits.
   */
  keyForWrite(key: string, options?: SaltChoiceOptions): string;
  /**
   * The node of a key, salted or plain: salt i lives on `ring.nodesFor(key, S)[i]`. Where a key
   * has more salts than there are nodes, they go round. `undefined` on an empty ring.
   *
   * @throws RangeError for a salt that is none of `maxSalts`.
   */
  nodeFor(saltedKey: string): string | undefined;
  /**
   * Every salted key that may hold a part of `key`, in any process: merge what they hold. That
   * the key is hot, or is not any more, changes nothing; the configuration alone does.
   */
  keysForRead(key: string): string[];
  /** The keys to write a copy to, each: for a key that is read too much, not written. */
  keysForReplicatedWrite(key: string): string[];
  /** One key to read a copy from. */
  keyForReplicatedRead(key: string, options?: SaltChoiceOptions): string;
  /**
   * The keys that are hot now, and over how many salts each should go: a table for `saltSteps`.
   * Empty without a sketch.
   */
  factors(): Record<string, number>;
  /** The salts of a key that live on another node in another ring, in their order. */
  diff(nextRing: SaltRing, key: string): SeatMove[];
  /**
   * Goes over to another ring or configuration, or both. What is hot stays hot.
   *
   * @throws RangeError for a configuration that is not adjacent to the one in use; then nothing
   *   has changed.
   */
  update(options: SalterUpdateOptions): void;
}

/**
 * Creates a salter. All processes need the same `maxSalts` and `separator`, and configurations at
 * most one version apart. Nothing is read or written here: it only names keys and nodes.
 *
 * @throws TypeError | RangeError for an option that is not what it says.
 * @example
 * ```ts
 * import { createHashRing } from '@gabion/hash-ring';
 * import { createHotKeys, createSalter } from '@gabion/hash-ring/salting';
 *
 * const hot = createHotKeys();
 * const salter = createSalter({ ring: createHashRing(['a', 'b', 'c']), hot, maxSalts: 3 });
 * for (let i = 0; i < 100; i += 1) hot.record('celebrity');
 * const key = salter.keyForWrite('celebrity', { id: 'event-7' });
 * console.log(key, salter.nodeFor(key), salter.keysForRead('celebrity'));
 * ```
 */
export function createSalter(options: SalterOptions): Salter {
  const settings = settle('createSalter', options);
  const { ring, config, separator, random, hot, maxSalts } = settings;
  const hotSet = hot && createHotSet(hot, settings);
  const state: SalterState = { ring, config, nodes: liveNodes(ring), separator, random, hotSet };
  let seatOf = createSeats(ring, maxSalts);

  return {
    get config() {
      return state.config;
    },
    ...saltedVerbs(state),
    ...replicatedVerbs(state),
    nodeFor(saltedKey) {
      const { key, salt } = splitSalt('nodeFor', saltedKey, settings);
      return seatOf(key, salt);
    },
    factors() {
      const factors = [...(hotSet?.factors(state.nodes) ?? [])];
      const most = Math.min(maxSalts, Math.max(1, state.nodes));
      return Object.fromEntries(factors.map(([key, factor]) => [key, Math.min(factor, most)]));
    },
    diff(nextRing, key) {
      const plain = requirePlainKey('diff', 'key', key, separator);
      const next = requireRing('diff', 'nextRing', nextRing);
      const { readSalts, writeSalts } = state.config;
      const salts = Math.max(saltsOf(readSalts, plain), saltsOf(writeSalts, plain));
      const targets = seatsOf(next, plain, salts);
      return seatsOf(state.ring, plain, salts).flatMap((source, salt) => {
        const move = { salt, key: joinSalt(plain, separator, salt), source, target: targets[salt] };
        return move.source === move.target ? [] : [move];
      });
    },
    update({ ring: nextRing = state.ring, config: nextConfig = state.config }) {
      const checkedRing = requireRing('update', 'ring', nextRing);
      const checkedConfig = requireOwnConfig('update', nextConfig, settings);
      assertAdjacent(state.config, checkedConfig);
      state.ring = checkedRing;
      seatOf = createSeats(checkedRing, maxSalts);
      state.config = checkedConfig;
      state.nodes = liveNodes(checkedRing);
    },
  };
}
