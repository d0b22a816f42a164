import { requireInteger, requireNumber, show } from '@gabion/contract';
import type { HotKeys } from './hot-keys.js';
import type { Thresholds } from './hot-set.js';
import { requirePlainKey, requireSeparator } from './salted-key.js';
import { requireConfig, type SaltConfig } from './salts.js';
import { requireRing, type SaltRing } from './seats.js';

/** Options of `createSalter`. */
export interface SalterOptions {
  /** Says where salts live: a hash ring, or a rendezvous. */
  readonly ring: SaltRing;
  /**
   * Says which keys are hot. Without it, every key goes over as many salts as the configuration
   * says. @defaultValue none
   */
  readonly hot?: Pick<HotKeys, 'estimate' | 'top'> | undefined;
  /** The most salts of a key, the same in all processes, from 1 to 4 096. @defaultValue 16 */
  readonly maxSalts?: number | undefined;
  /** How far above the mean load a hot key may lift a node. @defaultValue 0.1 */
  readonly headroom?: number | undefined;
  /**
   * The share of all load, from 0 to 1, from which a key is hot.
   * @defaultValue the share above which one salt is too few: headroom / (nodes − 1)
   */
  readonly enterShare?: number | undefined;
  /** The share below which it no longer is, at most `enterShare`. @defaultValue enterShare / 2 */
  readonly leaveShare?: number | undefined;
  /**
   * The weight that a key must have to be called hot: after a start, few events prove nothing.
   * @defaultValue 30
   */
  readonly enterWeight?: number | undefined;
  /** Stands between a key and its salt: 1 to 16 characters, no digits. @defaultValue `'#'` */
  readonly separator?: string | undefined;
  /**
   * The salts that all processes have agreed on: a step of `saltSteps`.
   * @defaultValue version 0, with `maxSalts` for every key, to read and to write
   */
  readonly config?: SaltConfig | undefined;
  /** Chooses a salt where there is no id: from 0 to less than 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
}

/** The options with every default in its place. */
export interface SalterSettings extends Thresholds {
  readonly ring: SaltRing;
  readonly hot: SalterOptions['hot'];
  readonly maxSalts: number;
  readonly separator: string;
  readonly config: SaltConfig;
  readonly random: () => number;
}

const defaults = Object.freeze({
  maxSalts: 16,
  headroom: 0.1,
  enterWeight: 30,
  separator: '#',
  version: 0,
});

const someShare = { min: 0, max: 1 };

/** The options, checked, with their defaults. */
export function settle(fn: string, options: SalterOptions): SalterSettings {
  const { hot, enterShare, leaveShare, random = Math.random } = options;
  const maxSalts = options.maxSalts ?? defaults.maxSalts;
  requireInteger(fn, 'maxSalts', maxSalts, { min: 1, max: 4_096 });
  const headroom = options.headroom ?? defaults.headroom;
  requireNumber(fn, 'headroom', headroom, { min: 0, max: Number.MAX_VALUE });
  const enterWeight = options.enterWeight ?? defaults.enterWeight;
  requireNumber(fn, 'enterWeight', enterWeight, { min: 0, max: Number.MAX_VALUE });
  if (enterShare !== undefined) requireNumber(fn, 'enterShare', enterShare, someShare);
  if (leaveShare !== undefined) {
    requireNumber(fn, 'leaveShare', leaveShare, { ...someShare, max: enterShare ?? 1 });
  }
  if (hot !== undefined && typeof hot?.estimate !== 'function') {
    throw new TypeError(`${fn}: hot must be what createHotKeys returns, got ${show(hot)}`);
  }
  if (typeof random !== 'function') {
    throw new TypeError(`${fn}: random must be a function, got ${show(random)}`);
  }
  const separator = requireSeparator(fn, options.separator ?? defaults.separator);
  const byDefault = { version: defaults.version, readSalts: maxSalts, writeSalts: maxSalts };
  const config = requireOwnConfig(fn, options.config ?? byDefault, { maxSalts, separator });
  const ring = requireRing(fn, 'ring', options.ring);
  return {
    ...{ ring, hot, maxSalts, separator, config, random },
    ...{ headroom, enterShare, leaveShare, enterWeight },
  };
}

/** Returns a configuration if this salter can keep to it; throws otherwise. */
export function requireOwnConfig(
  fn: string,
  value: unknown,
  { maxSalts, separator }: { readonly maxSalts: number; readonly separator: string },
): SaltConfig {
  const config = requireConfig(fn, 'config', value, maxSalts);
  for (const salts of [config.readSalts, config.writeSalts]) {
    if (typeof salts === 'number') continue;
    for (const key of Object.keys(salts)) requirePlainKey(fn, 'a key of config', key, separator);
  }
  return config;
}
