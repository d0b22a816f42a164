import { createRetrierPool, fullJitter, type PooledRetrierOptions } from '@gabion/retry-budget';
import { createRetryFetch } from '@gabion/retry-budget/fetch';
import got from 'got';
import { Agent, RetryAgent, fetch as undiciFetch } from 'undici';
import type { Terms } from './wrappers.js';

/** What is sent. */
export interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly signal?: AbortSignal;
}

/** A client that retries over HTTP. Its answers are read to their end. */
export interface Client {
  /** The heading of its column. */
  readonly name: string;
  /** Sends a request and returns the status of the answer that it is left with. */
  send(url: string, sent?: Sent): Promise<number>;
}

/** Makes a client under given terms; a deadline in milliseconds where one can be had. */
export type MakeClient = (terms: Terms, deadlineMs?: number) => Client;

/** Ours. */
export function gabionFetch(
  { maxAttempts, baseMs }: Terms,
  deadlineMs = Infinity,
  options: PooledRetrierOptions = {},
): Client {
  const backoff = fullJitter({ baseMs, maxMs: 20_000 });
  const pool = createRetrierPool({ options: { maxAttempts, backoff, deadlineMs, ...options } });
  const retryFetch = createRetryFetch({ pool });
  return {
    name: 'gabion',
    async send(url, sent = {}) {
      const response = await retryFetch(url, sent);
      await response.arrayBuffer();
      return response.status;
    },
  };
}

/** `fetch` over undici's `RetryAgent`. */
export function retryAgent({ maxAttempts, baseMs }: Terms): Client {
  const options = { maxRetries: maxAttempts - 1, minTimeout: baseMs, throwOnError: false };
  const dispatcher = new RetryAgent(new Agent(), options);
  return {
    name: 'undici RetryAgent',
    async send(url, sent = {}) {
      const response = await undiciFetch(url, { ...sent, dispatcher });
      await response.arrayBuffer();
      return response.status;
    },
  };
}

/** `got`. */
export function gotClient({ maxAttempts, baseMs }: Terms, deadlineMs?: number): Client {
  const client = got.extend({
    retry: { limit: maxAttempts - 1, backoffLimit: baseMs, noise: 0 },
    timeout: { request: deadlineMs },
    throwHttpErrors: false,
  });
  return {
    name: 'got',
    async send(url, { method = 'GET', signal } = {}) {
      return (await client(url, { method, signal })).statusCode;
    },
  };
}
