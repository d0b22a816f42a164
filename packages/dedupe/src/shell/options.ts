import { type Clock, systemClock } from '@gabion/clock';
import { requireInteger, requireKey, requireOneOf, show } from '@gabion/contract';
import { memoryRecordStore } from '../memory.js';
import type { RecordStore } from '../store.js';

/** How values become text, and back. */
export interface Codec {
  /** Throws, or returns no text, for what it cannot carry: that is done without a value. */
  encode(value: unknown): string;
  decode(text: string): unknown;
}

/** What every event says. */
export interface DedupeEvent {
  /** The deduper's name. */
  readonly name: string;
  readonly scope: string;
  readonly operation: string;
  readonly key: string;
  /** The attempt's fence. */
  readonly fence: number;
  /** When, in epoch milliseconds of the process's wall clock. */
  readonly atMs: number;
}

/** Callbacks that are told what happened; one that throws breaks nothing. */
export interface DeduperObserver {
  /** An attempt began here. */
  claimed?(event: DedupeEvent): void;
  /** How it ended is stored. */
  completed?(event: DedupeEvent): void;
  /** It ended, and that could not be stored before its lease was over. */
  completionLost?(event: DedupeEvent & { readonly error: unknown }): void;
  /** Another attempt had taken over. */
  superseded?(event: DedupeEvent): void;
  /** A renewal got no answer; it is tried again until the lease ends. */
  renewalFailed?(event: DedupeEvent & { readonly error: unknown }): void;
  /** What it returned was too large to be stored, or could not be written down. */
  valueOmitted?(event: DedupeEvent & { readonly error: unknown }): void;
}

/** Options of `createDeduper`. */
export interface DeduperOptions {
  /** Part of every record's key. @defaultValue `'dedupe'` */
  readonly name?: string | undefined;
  /** Where the records live. @defaultValue `memoryRecordStore()`: this process alone */
  readonly store?: RecordStore | undefined;
  /**
   * How long an attempt may go unheard of, in whole milliseconds from 100 to 86 400 000; it is
   * renewed while it runs. A dead process blocks its key for so long.
   * @defaultValue 15 000
   */
  readonly leaseMs?: number | undefined;
  /**
   * How long the outcome is kept, in whole milliseconds from 1 000, counted from the completion.
   * For messages it must be longer than the broker may redeliver: what comes later runs again.
   * @defaultValue 86 400 000, a day
   */
  readonly retentionMs?: number | undefined;
  /** How long an outcome that nobody knows is kept. @defaultValue `retentionMs` */
  readonly unknownRetentionMs?: number | undefined;
  /**
   * What becomes of an attempt whose process died. `rerun`: the next call runs it again (at least
   * once). `reject`: it is `unknown` until somebody resolves it (at most once).
   * @defaultValue `'rerun'`
   */
  readonly onAbandoned?: 'rerun' | 'reject' | undefined;
  /** The longest outcome that is stored, in bytes of UTF-8, from 0. @defaultValue 1 048 576 */
  readonly maxResultBytes?: number | undefined;
  /**
   * Which errors are an outcome: they are stored and replayed, instead of freeing the key.
   * @defaultValue none
   */
  readonly isFinal?: ((error: unknown) => boolean) | undefined;
  /** How values are written down. @defaultValue JSON, and `undefined` */
  readonly codec?: Codec | undefined;
  /** The clocks that leases and waits are measured on. @defaultValue `systemClock` */
  readonly clock?: Clock | undefined;
  /** Draws the jitter of renewals and polls, from 0 to below 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
  /** Is told what happens. */
  readonly observer?: DeduperObserver | undefined;
}

/** The options of a deduper, checked and completed. */
export interface Settings {
  readonly name: string;
  readonly store: RecordStore;
  readonly leaseMs: number;
  readonly retentionMs: number;
  readonly unknownRetentionMs: number;
  readonly onAbandoned: 'rerun' | 'reject';
  readonly maxResultBytes: number;
  readonly isFinal: (error: unknown) => boolean;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly random: () => number;
  readonly observer: DeduperObserver | undefined;
}

/** The defaults of a deduper. */
export const defaults = Object.freeze({
  name: 'dedupe',
  leaseMs: 15_000,
  retentionMs: 86_400_000,
  onAbandoned: 'rerun',
  maxResultBytes: 1_048_576,
});

/** JSON, which has no word for `undefined`: the empty text, which is no JSON, stands for it. */
export const jsonCodec: Codec = Object.freeze({
  encode: (value: unknown) => (value === undefined ? '' : JSON.stringify(value)),
  decode: (text: string) => (text === '' ? undefined : JSON.parse(text)),
});

const longestMs = 366 * 86_400_000;

/** Checks the options of `createDeduper`. */
export function settle(fn: string, options: DeduperOptions): Settings {
  const { leaseMs = defaults.leaseMs, retentionMs = defaults.retentionMs } = options;
  const { onAbandoned = defaults.onAbandoned, store = memoryRecordStore() } = options;
  const { unknownRetentionMs = retentionMs, maxResultBytes = defaults.maxResultBytes } = options;
  if (typeof store?.claim !== 'function') {
    throw new TypeError(`${fn}: store must be a record store, got ${show(store)}`);
  }
  return {
    name: requireKey(fn, 'name', options.name ?? defaults.name, 256),
    store,
    leaseMs: requireInteger(fn, 'leaseMs', leaseMs, { min: 100, max: 86_400_000 }),
    retentionMs: requireInteger(fn, 'retentionMs', retentionMs, { min: 1_000, max: longestMs }),
    unknownRetentionMs: requireInteger(fn, 'unknownRetentionMs', unknownRetentionMs, {
      min: 1_000,
      max: longestMs,
    }),
    onAbandoned: requireOneOf(fn, 'onAbandoned', onAbandoned, ['rerun', 'reject'] as const),
    maxResultBytes: requireInteger(fn, 'maxResultBytes', maxResultBytes, { min: 0 }),
    isFinal: options.isFinal ?? (() => false),
    codec: options.codec ?? jsonCodec,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    observer: options.observer,
  };
}
