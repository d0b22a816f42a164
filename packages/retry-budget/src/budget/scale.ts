import { requireNumber, show } from '@gabion/contract';
import { fractionOf, greatestDivisor } from './fraction.js';

/** Counts retries and parts of them in whole units, so that nothing is lost to rounding. */
export interface Scale {
  /** How many units one retry is. */
  readonly perRetry: number;
  /**
   * The amount in units. An amount that the units cannot say makes all of them smaller first.
   *
   * @throws RangeError when there would be more units than a double counts exactly.
   */
  unitsOf(argument: string, amount: number): number;
  /** The cost of a retry in units, checked; quick where it is 1 or as the last one. */
  priceOf(cost: number): number;
}

/** What a scale measures: told when the units become smaller. */
export interface Scaled {
  /** The largest number of units that is counted now. */
  largest(): number;
  /** Every number of units is to be multiplied by `factor`. */
  refine(factor: number): void;
}

/** Half of what a double counts exactly, so that the sum of two amounts is exact too. */
export const mostUnits: number = 2 ** 52;

/** Creates a scale whose unit is a whole retry until an amount asks for less. */
export function createScale(fn: string, scaled: Scaled): Scale {
  let perRetry = 1;
  let lastCost = 1;
  let lastPrice = 1;

  function unitsOf(argument: string, amount: number, by = fn): number {
    const { numerator, denominator } = fractionOf(amount);
    const factor = denominator / greatestDivisor(denominator, perRetry);
    const units = numerator * ((perRetry * factor) / denominator);
    if (Math.max(scaled.largest() * factor, units, perRetry * factor) > mostUnits) {
      const sum = `${argument} ${show(amount)} cannot be counted exactly beside the others`;
      throw new RangeError(`${by}: ${sum}`);
    }
    if (factor > 1) {
      perRetry *= factor;
      lastPrice *= factor;
      scaled.refine(factor);
    }
    return units;
  }

  return {
    get perRetry() {
      return perRetry;
    },
    unitsOf,
    priceOf(cost) {
      if (cost === 1) return perRetry;
      if (cost !== lastCost) {
        lastPrice = unitsOf('cost', requireNumber('take', 'cost', cost, costs), 'take');
        lastCost = cost;
      }
      return lastPrice;
    },
  };
}

/** What a retry may cost, in retries. */
export const costs = Object.freeze({ min: 0.001, max: 1_000 });
