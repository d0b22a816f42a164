import type { Outcome, Stored } from '../core/record.js';
import { StoreLayoutError } from '../errors.js';

const kinds = { v: 'value', e: 'error', o: 'omitted' } as const;

/** The letter of an outcome in a record. */
export function letterOf(outcome: Outcome | 'unknown' | 'not-done'): string {
  if (outcome === 'unknown') return 'u';
  return outcome === 'not-done' ? 'n' : (outcome.kind[0] as string);
}

/** The text of an outcome in a record. */
export function textOf(outcome: Outcome | 'unknown' | 'not-done'): string {
  return typeof outcome === 'object' && outcome.kind !== 'omitted' ? outcome.text : '';
}

/** Writes a fingerprint so that it has no blank in it, and can be none. */
export function writeFingerprint(fingerprint: string): string {
  return encodeURIComponent(fingerprint);
}

const layout = /^1 ([rdu]) (\d+) (\S*) (.*)$/s;

/** Reads a record: see claim.lua.ts. */
export function readStored(fn: string, text: string, untilMs: number): Stored {
  const [, state, digits, encoded = '', rest = ''] = layout.exec(text) ?? [];
  if (state === undefined) throw new StoreLayoutError(`${fn}: the record is not of layout 1`);
  const common = { fingerprint: decodeURIComponent(encoded), fence: Number(digits), untilMs };
  if (state === 'u') return { state: 'unknown', ...common, atMs: Number(rest) };
  if (state === 'r') {
    const [owner = '', ends] = rest.split(' ');
    return { state: 'running', ...common, owner, leaseUntilMs: Number(ends) };
  }
  return { state: 'done', ...common, ...readDone(rest) };
}

/** Reads `<at> <kind> <text>`. */
export function readDone(rest: string): { readonly atMs: number; readonly outcome: Outcome } {
  const blank = rest.indexOf(' ');
  const kind = kinds[rest[blank + 1] as keyof typeof kinds];
  const text = rest.slice(blank + 3);
  const outcome = kind === 'omitted' ? ({ kind } as const) : { kind, text };
  return { atMs: Number(rest.slice(0, blank)), outcome };
}
