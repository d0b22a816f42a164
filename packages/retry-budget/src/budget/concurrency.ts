import type { RetryBudget, RetrySlot } from '../retry-budget.js';
import { createScale, type Scale, type Scaled } from './scale.js';
import { createSlot } from './slot.js';

/** More calls than one process has under way: what the units have to count exactly. */
const manyCalls = 1_000_000;

/**
 * A share of what is under way, as Envoy's retry budget: a retry is let go while the retries in
 * backoff or in flight, itself included, are at most max(minConcurrent, ratio × active). Active
 * are the attempts in flight and the retries in backoff, itself included.
 */
export class ConcurrencyBudget implements RetryBudget, Scaled {
  readonly deposit = 'concurrency';
  private readonly scale: Scale;
  private active = 0;
  // In units of the scale.
  private held = 0;
  private least = 0;
  private perActive = 0;

  constructor(fn: string, ratio: number, minConcurrent: number) {
    this.scale = createScale(fn, this);
    this.least = this.scale.unitsOf('minConcurrent', minConcurrent);
    this.perActive = this.scale.unitsOf('ratio', ratio);
  }

  get balance(): number {
    return Math.max(0, this.room()) / this.scale.perRetry;
  }

  begin(): void {
    this.active += 1;
  }

  end(): void {
    this.active -= 1;
  }

  take(cost = 1): RetrySlot | undefined {
    const price = this.scale.priceOf(cost);
    if (this.room() < price) return undefined;
    this.held += price;
    this.active += 1;
    const leave = () => {
      this.held -= this.scale.priceOf(cost);
      this.active -= 1;
    };
    return createSlot({ begin() {}, end: leave, giveBack: leave });
  }

  largest(): number {
    return Math.max(this.least, this.held, this.perActive * manyCalls);
  }

  refine(factor: number): void {
    this.held *= factor;
    this.least *= factor;
    this.perActive *= factor;
  }

  /** What another retry could take: it would be active itself. */
  private room(): number {
    return Math.max(this.least, this.perActive * (this.active + 1)) - this.held;
  }
}
