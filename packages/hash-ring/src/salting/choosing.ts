import { requireKey } from '@gabion/contract';
import { jumpHash } from '../jump.js';
import type { HotSet } from './hot-set.js';
import { joinSalt, requirePlainKey } from './salted-key.js';
import { type SaltConfig, saltsOf } from './salts.js';
import type { SaltRing } from './seats.js';

/** Whose write or read it is. */
export interface SaltChoiceOptions {
  /**
   * Gets the same salt each time, as long as the key has the same number of salts; when it has
   * one more, few ids move. Without it the salt is random.
   */
  readonly id?: string | undefined;
}

/** All that a salter knows. `update` alone writes it. */
export interface SalterState {
  ring: SaltRing;
  config: SaltConfig;
  /** How many nodes of the ring carry load. */
  nodes: number;
  readonly separator: string;
  readonly random: () => number;
  readonly hotSet: HotSet | undefined;
}

/** The verbs of a key that is written too much: each write to one salt, a read from all. */
export function saltedVerbs(state: SalterState) {
  return {
    keyForWrite(key: string, choice: SaltChoiceOptions = {}): string {
      const plain = requirePlain('keyForWrite', state, key);
      const { chosen } = saltsFor('keyForWrite', state, plain, 'writeSalts');
      const { hotSet, config, nodes } = state;
      // A table is what all have agreed on; a number leaves it to each how hot a key is.
      const isOpen = hotSet !== undefined && typeof config.writeSalts === 'number';
      const salts = isOpen ? Math.min(chosen, hotSet.factorOf(plain, nodes)) : chosen;
      return choose('keyForWrite', state, { key: plain, salts }, choice);
    },
    keysForRead(key: string): string[] {
      const plain = requirePlain('keysForRead', state, key);
      return all(state, plain, saltsFor('keysForRead', state, plain, 'writeSalts').covered);
    },
  };
}

/** The verbs of a key that is read too much: each write to all salts, a read from one. */
export function replicatedVerbs(state: SalterState) {
  return {
    keysForReplicatedWrite(key: string): string[] {
      const fn = 'keysForReplicatedWrite';
      const plain = requirePlain(fn, state, key);
      return all(state, plain, saltsFor(fn, state, plain, 'readSalts').covered);
    },
    keyForReplicatedRead(key: string, choice: SaltChoiceOptions = {}): string {
      const fn = 'keyForReplicatedRead';
      const plain = requirePlain(fn, state, key);
      const { chosen } = saltsFor(fn, state, plain, 'readSalts');
      return choose(fn, state, { key: plain, salts: chosen }, choice);
    },
  };
}

function requirePlain(fn: string, { separator }: SalterState, key: string): string {
  return requirePlainKey(fn, 'key', key, separator);
}

/** The salts of those who choose one, which must be among the salts of those who take all. */
function saltsFor(
  fn: string,
  { config }: SalterState,
  key: string,
  chooser: 'readSalts' | 'writeSalts',
) {
  const coverer = chooser === 'readSalts' ? 'writeSalts' : 'readSalts';
  const [chosen, covered] = [saltsOf(config[chooser], key), saltsOf(config[coverer], key)];
  if (chosen <= covered) return { chosen, covered };
  throw new RangeError(
    `${fn}: ${coverer} of the configuration must be at least its ${chooser}, ` +
      `got ${covered} and ${chosen}: it is a step of the other mode`,
  );
}

function all({ separator }: SalterState, key: string, salts: number): string[] {
  return Array.from({ length: salts }, (_, salt) => joinSalt(key, separator, salt));
}

function choose(
  fn: string,
  { nodes, random, separator }: SalterState,
  { key, salts }: { readonly key: string; readonly salts: number },
  { id }: SaltChoiceOptions,
): string {
  if (id !== undefined) requireKey(fn, 'id', id);
  // Who chooses goes no further than the nodes. Who covers cannot: others may have seen more.
  const most = Math.min(salts, nodes);
  if (most <= 1) return key;
  if (id !== undefined) return joinSalt(key, separator, jumpHash(id, most));
  // A chance of 1 would be one salt too far, which nobody reads.
  return joinSalt(key, separator, Math.min(most - 1, Math.floor(random() * most)));
}
