import type { Failure } from '../classify.js';
import { parseRetryAfter } from './retry-after.js';

/** The statuses that may be gone at the next attempt. */
const retriedStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** An answer that calls for a retry, as the error that its attempt fails with. */
export class AnswerError extends Error {
  /** The answer, with all of its body. */
  readonly response: Response;
  /** What it says about a retry. */
  readonly failure: Failure;

  constructor(response: Response, failure: Failure) {
    super(`the server answered with status ${response.status}`);
    this.name = 'AnswerError';
    this.response = response;
    this.failure = failure;
  }
}

/**
 * Returns an answer that is one, good or bad.
 *
 * @throws AnswerError for an answer that calls for a retry.
 */
export function answered(response: Response): Response {
  const { status, headers } = response;
  if (!retriedStatuses.has(status)) return response;
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), { date: headers.get('date') });
  const isHinted = status === 503 && retryAfterMs !== undefined;
  const kind = status === 429 || isHinted ? 'throttled' : 'transient';
  throw new AnswerError(response, { kind, retryAfterMs });
}
