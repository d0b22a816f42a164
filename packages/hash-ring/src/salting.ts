/**
 * Salting: one key that is too hot for any node, spread over several. Which keys are hot, where
 * their salts live, how to change how many there are, and how to make one of the parts again.
 *
 * @packageDocumentation
 */
export type { Clock } from '@gabion/clock';
export type { SaltChoiceOptions } from './salting/choosing.js';
export {
  type Combined,
  type CombineOptions,
  combine,
  type Part,
} from './salting/combine.js';
export { createHotKeys, type HotKeys, type HotKeysOptions } from './salting/hot-keys.js';
export { type SaltFactorOptions, saltFactor } from './salting/salt-factor.js';
export {
  assertAdjacent,
  type SaltStep,
  type SaltStepsOptions,
  saltSteps,
} from './salting/salt-steps.js';
export {
  createSalter,
  type Salter,
  type SalterUpdateOptions,
} from './salting/salter.js';
export type { SalterOptions } from './salting/salter-options.js';
export type { SaltConfig, Salts } from './salting/salts.js';
export type { SaltRing, SeatMove } from './salting/seats.js';
export type { HotKeysSnapshot } from './salting/snapshot.js';
export type { HotKey } from './salting/weighing.js';
