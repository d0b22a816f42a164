import type { Verdict } from '../classify.js';
import type { RetryAttempt } from '../retrier/attempt.js';
import type { Retrier } from '../retrier.js';
import { rememberInfo, retryInfo } from '../retry-info.js';
import { AnswerError, answered } from './answer.js';
import { fateOf } from './fate.js';
import { type Follower, followerOf } from './follower.js';
import type { RetryRequest } from './request.js';
import { type Fetch, send } from './send.js';
import { type Spare, spare } from './spare.js';

/** How every call of one retrying `fetch` is made. */
export interface CallSettings {
  readonly fetch: Fetch;
  readonly maxDrainBytes: number;
}

/** One attempt of a call. */
interface Sent {
  /** The retrier's signal for it. */
  readonly signal: AbortSignal;
  /** What `fetch` was given: it aborts as that does, and as the caller's does for good. */
  readonly follower: Follower;
  /** A server has received the request, though it sent it elsewhere. */
  wasReceived: boolean;
  /** The answer, where that calls for another attempt. */
  spare: Spare | undefined;
}

/** Calls `fetch` until an answer is good enough; when no attempt may follow, the last is given. */
export class FetchCall {
  /** Only `attempt` writes it, and attempts follow one another. */
  private last: Sent | undefined;

  constructor(
    private readonly settings: CallSettings,
    private readonly request: RetryRequest,
    private readonly retrier: Retrier,
  ) {}

  async run(): Promise<Response> {
    // A signal that many calls share would be given as many listeners.
    const caller = this.request.signal && followerOf(this.request.signal);
    const classify = (error: unknown) => this.classify(error);
    const attempt = (made: RetryAttempt) => this.attempt(made);
    try {
      const { signal } = caller ?? {};
      return this.handOver(await this.retrier.run(attempt, { signal, classify }));
    } catch (error) {
      if (error instanceof AnswerError) return this.giveBack(error);
      this.discard();
      throw error;
    } finally {
      caller?.stop();
      this.request.end();
    }
  }

  private async attempt({ signal }: RetryAttempt): Promise<Response> {
    this.discard();
    const follower = followerOf(this.request.signal);
    const sent: Sent = { signal, follower, wasReceived: false, spare: undefined };
    this.last = sent;
    const abort = () => follower.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const { fetch } = this.settings;
      const response = await send(fetch, this.request, follower.signal, () => {
        sent.wasReceived = true;
      });
      if (!signal.aborted) return answered(response);
      // It came when nobody waited for it any more, and must not hold its connection.
      response.body?.cancel().catch(() => {});
      throw signal.reason;
    } catch (error) {
      const isSpare = error instanceof AnswerError && this.request.isRepeatable;
      if (isSpare) sent.spare = spare(error.response, this.settings.maxDrainBytes);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  private classify(error: unknown): Verdict {
    const { isRepeatable } = this.request;
    if (error instanceof AnswerError) {
      if (isRepeatable) return error.failure;
      // It is not sent again, but everyone leaves its origin alone for as long as that asks.
      const { retryAfterMs = 0 } = error.failure;
      if (retryAfterMs > 0) this.retrier.gate.close(retryAfterMs);
      return 'stop';
    }
    // The attempt's own time was over. Any other abort is somebody's wish.
    if (this.last?.signal.aborted && error === this.last.signal.reason) {
      return isRepeatable ? 'retry' : 'stop';
    }
    const fate = fateOf(error);
    const isUnsent = fate === 'unsent' && this.last?.wasReceived === false;
    return isUnsent || (isRepeatable && fate !== 'final') ? 'retry' : 'stop';
  }

  private giveBack(error: AnswerError): Response {
    this.last?.spare?.keep();
    const info = retryInfo(error);
    if (info !== undefined) rememberInfo(error.response, info);
    return this.handOver(error.response);
  }

  /** The caller's signal ends the body of what it is given for as long as that lives. */
  private handOver(response: Response): Response {
    const { body } = response;
    if (body === null) this.last?.follower.stop();
    for (const owner of [response, body ?? response]) this.last?.follower.holdFor(owner);
    return response;
  }

  private discard(): void {
    this.last?.spare?.discard();
    this.last?.follower.stop();
    this.last = undefined;
  }
}
