import type { Clock } from '@gabion/clock';
import type { RetryBudget, RetrySlot } from '../retry-budget.js';
import { createScale, mostUnits, type Scale, type Scaled } from './scale.js';
import { createSlot } from './slot.js';

/** As many as Finagle's window has. */
const slices = 10;

/** What a window counts. */
export interface Window {
  readonly ratio: number;
  readonly windowMs: number;
  readonly minRetriesPerSecond: number;
  readonly clock: Clock;
}

/**
 * A balance that requests pay into, as Finagle's RetryBudget: both what requests deposit and what
 * retries take is forgotten after `windowMs`, a tenth of it at a time, so at any moment the retries
 * taken in the window are at most minRetriesPerSecond × windowMs + ratio × requests in the window.
 */
export class RequestBudget implements RetryBudget, Scaled {
  readonly deposit = 'request';
  private readonly scale: Scale;
  private readonly clock: Clock;
  private readonly windowMs: number;
  private readonly startedAt: number;
  /** Counts the slices from the start; the last `slices` of them are remembered. */
  private current = 0;
  // In units of the scale; `sum` is the sum of the window.
  private readonly window: number[] = new Array(slices).fill(0);
  private sum = 0;
  private reserve = 0;
  private perRequest = 0;

  constructor(fn: string, { ratio, windowMs, minRetriesPerSecond, clock }: Window) {
    this.clock = clock;
    this.windowMs = windowMs;
    this.startedAt = clock.now();
    this.scale = createScale(fn, this);
    const reserve = (minRetriesPerSecond * windowMs) / 1_000;
    this.reserve = this.scale.unitsOf('minRetriesPerSecond × windowMs', reserve);
    this.perRequest = this.scale.unitsOf('ratio', ratio);
  }

  get balance(): number {
    this.settle();
    return Math.max(0, this.reserve + this.sum) / this.scale.perRetry;
  }

  begin(): void {
    this.settle();
    // What no window could hold exactly is not paid in: fewer retries, never more.
    if (this.sum + this.perRequest <= mostUnits) this.put(this.current, this.perRequest);
  }

  end(): void {}

  take(cost = 1): RetrySlot | undefined {
    this.settle();
    const price = this.scale.priceOf(cost);
    if (this.reserve + this.sum < price) return undefined;
    const takenIn = this.current;
    this.put(takenIn, -price);
    return createSlot({
      begin() {},
      end() {},
      giveBack: () => {
        this.settle();
        // What has left the window took its withdrawal along.
        if (this.current - takenIn < slices) this.put(takenIn, this.scale.priceOf(cost));
      },
    });
  }

  largest(): number {
    return Math.max(this.reserve, Math.abs(this.sum), ...this.window.map(Math.abs));
  }

  refine(factor: number): void {
    for (const [i, units] of this.window.entries()) this.window[i] = units * factor;
    this.sum *= factor;
    this.reserve *= factor;
    this.perRequest *= factor;
  }

  private put(slice: number, units: number): void {
    this.window[slice % slices] = this.inSlice(slice) + units;
    this.sum += units;
  }

  private inSlice(slice: number): number {
    return this.window[slice % slices] as number;
  }

  /** Forgets the slices that have left the window. While a clock is back, it stands still. */
  private settle(): void {
    const elapsedMs = this.clock.now() - this.startedAt;
    const now = Math.max(this.current, Math.floor((elapsedMs * slices) / this.windowMs));
    const last = Math.min(now, this.current + slices);
    for (let slice = this.current + 1; slice <= last; slice += 1) {
      this.put(slice, -this.inSlice(slice));
    }
    this.current = now;
  }
}
