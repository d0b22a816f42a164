import { notify } from '@gabion/contract';
import { type Classify, judge } from '../classify.js';
import { GateClosedError } from '../errors.js';
import type { RetryGate } from '../gate.js';
import type { RetrySlot } from '../retry-budget.js';
import { type AttemptRecord, type RetryInfo, rememberInfo } from '../retry-info.js';
import { Attempt, type RetryAttempt } from './attempt.js';
import { guarded } from './guard.js';
import type { Nesting } from './nesting.js';
import type { settle } from './options.js';

/** What a retrier runs by. */
export type Settings = ReturnType<typeof settle> & {
  readonly gate: RetryGate;
  /** Tells the runs inside of its attempts; without, the retrier is independent. */
  readonly nesting: Nesting | undefined;
};

/** What the user has done once. */
export type Work<T> = (attempt: RetryAttempt) => T | PromiseLike<T>;

/** What one run was asked for. */
export interface Wanted<T> {
  readonly fn: Work<T>;
  readonly signal: AbortSignal | undefined;
  readonly classify: Classify;
  readonly maxAttempts: number;
}

/** One run under way. Its fields are written only by its own steps, one after the other. */
export class Call<T> {
  private readonly attempts: AttemptRecord[] = [];
  private readonly endsAt: number;
  /** How long the attempt under way was waited for. */
  private delayMs = 0;
  private backoffMs = 0;
  /** The slot of the retry under way; a first attempt needs none. */
  private slot: RetrySlot | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly wanted: Wanted<T>,
    startedAt: number,
  ) {
    this.endsAt = startedAt + settings.deadlineMs;
  }

  /** Makes the first attempt, as soon as the gate lets it, and as many more as are allowed. */
  async run(): Promise<T> {
    this.wanted.signal?.throwIfAborted();
    const { gate, budget } = this.settings;
    const opensInMs = gate.opensInMs > 0 ? await this.passGate() : undefined;
    if (opensInMs !== undefined) throw this.turnedAway(opensInMs);
    budget.begin();
    return this.goOn();
  }

  /** Goes on after a first attempt that failed. */
  async resume(error: unknown, startedAt: number): Promise<T> {
    await this.recover(error, startedAt);
    return this.goOn();
  }

  private async goOn(): Promise<T> {
    for (;;) {
      const startedAt = this.settings.clock.now();
      try {
        const value = await this.attempt();
        this.end(true);
        return value;
      } catch (error) {
        await this.recover(error, startedAt);
      }
    }
  }

  private attempt(): Promise<T> {
    const { clock, attemptTimeoutMs, nesting } = this.settings;
    const { fn, signal } = this.wanted;
    const attempt = new Attempt(this.attempts.length + 1, clock, this.endsAt);
    const work = async () => fn(attempt);
    const working = nesting === undefined ? work() : nesting.asAttempt(work);
    const timeoutMs = Math.max(0, Math.min(attemptTimeoutMs, this.remainingMs()));
    if (timeoutMs === Infinity && signal === undefined) return working;
    return guarded(working, attempt, { clock, timeoutMs, signal });
  }

  private end(succeeded: boolean): void {
    (this.slot ?? this.settings.budget).end(succeeded);
  }

  private remainingMs(): number {
    return this.endsAt === Infinity ? Infinity : this.endsAt - this.settings.clock.now();
  }

  /** Whether an attempt that starts in `ms` would have enough time. */
  private fits(ms: number): boolean {
    const leftMs = this.remainingMs() - ms;
    return leftMs > 0 && leftMs >= this.settings.minAttemptMs;
  }

  /** The longest wait that leaves enough time, a millisecond at least. */
  private mostMs(): number {
    return this.remainingMs() - Math.max(1, this.settings.minAttemptMs);
  }

  /**
   * Waits until the gate is open, as often as it is closed again meanwhile; returns undefined then.
   * Where there is no time for that, or a sleep took it all, returns when it opens.
   */
  private async passGate(): Promise<number | undefined> {
    const { gate } = this.settings;
    for (;;) {
      const opensInMs = gate.opensInMs;
      if (!this.fits(opensInMs)) return opensInMs;
      if (opensInMs === 0) return undefined;
      await this.sleep(gate.waitMs(0, this.mostMs()));
    }
  }

  private turnedAway(opensInMs: number): unknown {
    const { name } = this.settings;
    const ms = Math.ceil(opensInMs);
    const message = `run: ${name} is to be left alone for ${ms} ms, past the deadline`;
    return this.failed(new GateClosedError(message, opensInMs), { retryAfterMs: opensInMs });
  }

  /** Waits until the next attempt may be made, or throws what ends the run. */
  private async recover(error: unknown, startedAt: number): Promise<void> {
    this.end(false);
    this.record(error, startedAt);
    const { signal, classify, maxAttempts } = this.wanted;
    signal?.throwIfAborted();
    const { gate, backoff, random, budget, throttledCost } = this.settings;
    const { stops, throttled, retryAfterMs } = judge(classify(error), error);
    const hint = retryAfterMs > 0 ? { retryAfterMs } : undefined;
    if (hint !== undefined && !stops) this.closeGate(retryAfterMs);
    if (stops || this.attempts.length >= maxAttempts) throw this.failed(error, hint);
    this.backoffMs = backoff(this.attempts.length - 1, random, this.backoffMs);
    if (!this.fits(Math.max(this.backoffMs, gate.opensInMs))) throw this.failed(error, hint);
    const slot = budget.take(throttled ? throttledCost : 1);
    if (slot === undefined) throw this.failed(error, { ...hint, budgetExhausted: true });
    this.slot = slot;
    try {
      await this.backOff(error);
    } catch (reason) {
      slot.giveBack();
      throw reason;
    }
    slot.begin();
  }

  /** Sleeps the backoff, or longer while the gate is closed; nothing is charged for that again. */
  private async backOff(error: unknown): Promise<void> {
    const { gate, clock, name, observer } = this.settings;
    const delayMs = gate.waitMs(this.backoffMs, this.mostMs());
    const attempt = this.attempts.length + 1;
    notify(observer, 'retryScheduled', { name, attempt, delayMs, error, atMs: clock.wallNow() });
    await this.sleep(delayMs);
    const opensInMs = await this.passGate();
    if (opensInMs === undefined) return;
    throw this.failed(error, opensInMs > 0 ? { retryAfterMs: opensInMs } : undefined);
  }

  /** Sleeps; an abort rejects with its reason, also one that came just after the end. */
  private async sleep(ms: number): Promise<void> {
    const { clock } = this.settings;
    const { signal } = this.wanted;
    const since = clock.now();
    await clock.sleep(ms, { signal });
    signal?.throwIfAborted();
    this.delayMs += clock.now() - since;
  }

  private closeGate(ms: number): void {
    const { gate, clock, name, observer } = this.settings;
    gate.close(ms);
    const atMs = clock.wallNow();
    notify(observer, 'gateClosed', { name, opensAtMs: atMs + gate.opensInMs, atMs });
  }

  private record(error: unknown, startedAt: number): void {
    const { clock } = this.settings;
    const durationMs = clock.now() - startedAt;
    const startedAtMs = Math.round(clock.wallNow() - durationMs);
    this.attempts.push({ startedAtMs, durationMs, delayMs: this.delayMs, error });
    this.delayMs = 0;
  }

  /** Notes why the run failed, and returns the error, which is not touched. */
  private failed(error: unknown, why: Partial<RetryInfo> | undefined): unknown {
    const { clock, name, observer } = this.settings;
    const info: RetryInfo = { attempts: this.attempts, budgetExhausted: false, ...why };
    rememberInfo(error, info);
    notify(observer, 'gaveUp', { name, error, info, atMs: clock.wallNow() });
    return error;
  }
}
