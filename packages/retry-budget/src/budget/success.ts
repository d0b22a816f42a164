import type { RetryBudget, RetrySlot } from '../retry-budget.js';
import { createScale, type Scale, type Scaled } from './scale.js';
import { createSlot } from './slot.js';

/**
 * A balance that successes pay into. It starts full, at max(1, reserve) retries, and never exceeds
 * that together with the slots that sleep: so over any stretch of time no more retries start than
 * max(1, reserve) + ratio × successes, also when slots come back unused.
 *
 * (A class, as the other budgets and the gate: every success comes by here, and an object of a
 * class takes half the time of closures.)
 */
export class SuccessBudget implements RetryBudget, Scaled {
  readonly deposit = 'success';
  private readonly scale: Scale;
  // In units of the scale.
  private full = 0;
  private perSuccess = 0;
  private units = 0;
  private asleep = 0;

  constructor(fn: string, ratio: number, reserve: number) {
    this.scale = createScale(fn, this);
    this.full = this.scale.unitsOf('reserve', Math.max(1, reserve));
    this.units = this.full;
    this.perSuccess = this.scale.unitsOf('ratio', ratio);
  }

  get balance(): number {
    return this.units / this.scale.perRetry;
  }

  begin(): void {}

  end(succeeded: boolean): void {
    if (succeeded) this.units = Math.min(this.units + this.perSuccess, this.full - this.asleep);
  }

  take(cost = 1): RetrySlot | undefined {
    const price = this.scale.priceOf(cost);
    if (this.units < price) return undefined;
    this.units -= price;
    this.asleep += price;
    return createSlot({
      begin: () => {
        this.asleep -= this.scale.priceOf(cost);
      },
      end: (succeeded) => this.end(succeeded),
      giveBack: () => {
        this.asleep -= this.scale.priceOf(cost);
        this.units += this.scale.priceOf(cost);
      },
    });
  }

  largest(): number {
    return this.full;
  }

  refine(factor: number): void {
    this.full *= factor;
    this.perSuccess *= factor;
    this.units *= factor;
    this.asleep *= factor;
  }
}
