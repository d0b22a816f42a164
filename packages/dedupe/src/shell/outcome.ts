import type { Outcome } from '../core/record.js';
import type { Replayed, ReplayedError, ReplayedWithoutValue, StoredError } from '../result.js';
import type { Codec, Settings } from './options.js';

/** An outcome to be stored, and why a value is not in it if it is not. */
export interface Written {
  readonly outcome: Outcome;
  readonly omitted?: unknown;
}

/** Writes a value down; what cannot be written, or is too large, is done all the same. */
export function writeValue({ codec, maxResultBytes }: Settings, value: unknown): Written {
  try {
    const text = codec.encode(value);
    if (typeof text !== 'string') throw new TypeError('codec.encode returned no text');
    requireRoom(text, maxResultBytes);
    return { outcome: { kind: 'value', text } };
  } catch (omitted) {
    return { outcome: { kind: 'omitted' }, omitted };
  }
}

/** Writes a final error down: name, code and message, and never its stack. */
export function writeError({ maxResultBytes }: Settings, error: unknown): Written {
  const { name, code, message } = Object(error) as Partial<StoredError>;
  const kept: StoredError = {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : String(error),
    ...(typeof code === 'string' && { code }),
  };
  try {
    const text = JSON.stringify(kept);
    requireRoom(text, maxResultBytes);
    return { outcome: { kind: 'error', text } };
  } catch (omitted) {
    return { outcome: { kind: 'omitted' }, omitted };
  }
}

/** Reads a stored outcome. */
export function readOutcome<T>(
  codec: Codec,
  outcome: Outcome,
): Replayed<T> | ReplayedError | ReplayedWithoutValue {
  if (outcome.kind === 'omitted') return { status: 'replayed-without-value' };
  if (outcome.kind === 'error') {
    return { status: 'replayed-error', error: JSON.parse(outcome.text) };
  }
  return { status: 'replayed', value: codec.decode(outcome.text) as T };
}

function requireRoom(text: string, maxResultBytes: number): void {
  // Up to three bytes for each UTF-16 code unit: most texts need no counting.
  if (text.length * 3 <= maxResultBytes) return;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= maxResultBytes) return;
  throw new RangeError(`the outcome has ${bytes} bytes, more than ${maxResultBytes}`);
}
