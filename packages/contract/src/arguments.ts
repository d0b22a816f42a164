/** The values an argument may have, both ends included. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** Shows a value in an error message: short, on one line, and told apart from its look-alikes. */
export function show(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  }
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'an array' : 'an object';
  }
  return String(value);
}

function spoken(kind: string, { min = -Infinity, max = Infinity }: Range): string {
  if (max < Number.MAX_VALUE) {
    return min === -Infinity ? `${kind} up to ${max}` : `${kind} from ${min} to ${max}`;
  }
  return min === -Infinity ? kind : `${kind} of at least ${min}`;
}

/** Returns `value` if it is a number (not NaN) within the range; throws otherwise. */
export function requireNumber(fn: string, argument: string, value: unknown, range: Range): number {
  const { min = -Infinity, max = Infinity } = range;
  if (typeof value === 'number' && value >= min && value <= max) return value;
  const wanted = spoken(max === Number.MAX_VALUE ? 'a finite number' : 'a number', range);
  const Mistake = typeof value === 'number' ? RangeError : TypeError;
  throw new Mistake(`${fn}: ${argument} must be ${wanted}, got ${show(value)}`);
}

/** Returns `value` if it is a safe integer within the range; throws otherwise. */
export function requireInteger(fn: string, argument: string, value: unknown, range: Range): number {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) {
    return value;
  }
  const Mistake = typeof value === 'number' ? RangeError : TypeError;
  const wanted = spoken('an integer', range);
  throw new Mistake(`${fn}: ${argument} must be ${wanted}, got ${show(value)}`);
}

/** The longest key, in UTF-16 code units, unless a package states another. */
const longestKey = 1_024;

/** Returns `value` if it is a text of 1 to `maxLength` UTF-16 code units; throws otherwise. */
export function requireKey(
  fn: string,
  argument: string,
  value: unknown,
  maxLength = longestKey,
): string {
  if (typeof value !== 'string') {
    throw new TypeError(`${fn}: ${argument} must be a string, got ${show(value)}`);
  }
  if (value.length === 0 || value.length > maxLength) {
    throw new RangeError(
      `${fn}: ${argument} must have 1 to ${maxLength} characters, got ${show(value)}`,
    );
  }
  return value;
}

/** Returns `value` if it is one of the choices; throws otherwise. */
export function requireOneOf<T>(
  fn: string,
  argument: string,
  value: unknown,
  choices: readonly T[],
): T {
  if (choices.includes(value as T)) return value as T;
  const last = show(choices.at(-1));
  const others = choices.slice(0, -1).map(show).join(', ');
  throw new RangeError(`${fn}: ${argument} must be ${others} or ${last}, got ${show(value)}`);
}
