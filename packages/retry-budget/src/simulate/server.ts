import type { VirtualTime } from './virtual-time.js';

/** How fast a server works, and when it does not. */
export interface Speed {
  /** Requests that it serves in a second. */
  readonly capacityPerSecond: number;
  /** From `fromMs` to `toMs` it serves the fault's `capacityPerSecond` instead. */
  readonly fault: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly capacityPerSecond: number;
  };
}

/** A server with one line: first come, first served, whether the client is still there or not. */
export interface Server {
  /** How many requests wait or are being served. */
  readonly queued: number;
  /** Resolves when the request has been served; rejects with a `Refusal` when the line is full. */
  request(): Promise<void>;
}

/** What a request is told that finds the line full: it costs the server nothing. */
export class Refusal extends Error {}

/** Served requests that are kept at the head of the line: to shift an array costs its length. */
const mostServed = 1_000;

/** Creates an idle server, to which every request is the same work. */
export function createServer(
  { clock, at }: Pick<VirtualTime, 'clock' | 'at'>,
  speed: Speed,
  maxQueue: number,
): Server {
  let line: (() => void)[] = [];
  let served = 0;

  function serveNext(): void {
    at(endOfService(speed, clock.now()), () => {
      line[served]?.();
      served += 1;
      if (served > mostServed && served * 2 > line.length) {
        line = line.slice(served);
        served = 0;
      }
      if (served < line.length) serveNext();
    });
  }

  return {
    get queued() {
      return line.length - served;
    },
    request() {
      const ahead = line.length - served;
      // One of those ahead is being served and does not wait.
      if (ahead > maxQueue) return Promise.reject(new Refusal('the line is full'));
      return new Promise((resolve) => {
        line.push(resolve);
        if (ahead === 0) serveNext();
      });
    },
  };
}

/** When a request is served whose turn came at `fromMs`. */
export function endOfService({ capacityPerSecond, fault }: Speed, fromMs: number): number {
  let atMs = fromMs;
  // What is left to do, in requests.
  let left = 1;
  for (const [untilMs, perSecond] of [
    [fault.fromMs, capacityPerSecond],
    [fault.toMs, fault.capacityPerSecond],
  ] as const) {
    const possible = (Math.max(0, untilMs - atMs) * perSecond) / 1_000;
    if (left <= possible) return atMs + (left * 1_000) / perSecond;
    left -= possible;
    atMs = Math.max(atMs, untilMs);
  }
  return atMs + (left * 1_000) / capacityPerSecond;
}
