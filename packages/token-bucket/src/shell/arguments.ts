import { requireInteger, requireKey, show } from '@gabion/contract';
import { defineLimit, type LimitOptions } from '../limit.js';
import type { BucketDefinition } from '../store.js';
import type { TokenBucketOptions } from './options.js';

/** One key for all limits, or one for each limit by its name. */
export type Keys = string | Readonly<Record<string, string>>;

const mostLimits = 16;

/** Returns the name if headers, keys and events can all carry it. */
export function requireName(fn: string, argument: string, name: unknown): string {
  requireKey(fn, argument, name, 64);
  if (!/^[\x20-\x7e]+$/.test(name as string)) {
    throw new RangeError(`${fn}: ${argument} must be printable ASCII, got ${show(name)}`);
  }
  return name as string;
}

/** The limits that the options state, checked: a single one is called as its bucket is. */
export function limitsOf(fn: string, name: string, options: TokenBucketOptions): LimitOptions[] {
  if (options.limits === undefined) {
    return [{ name, capacity: options.capacity, refill: options.refill }];
  }
  const { limits } = options;
  if (options.capacity !== undefined || options.refill !== undefined) {
    throw new TypeError(`${fn}: give either limits or capacity and refill, not both`);
  }
  if (!Array.isArray(limits)) {
    throw new TypeError(`${fn}: limits must be an array, got ${show(limits)}`);
  }
  requireInteger(fn, 'limits.length', limits.length, { min: 1, max: mostLimits });
  const names = limits.map((limit, i) => requireName(fn, `limits[${i}].name`, limit?.name));
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined) {
    throw new RangeError(`${fn}: limits must have different names, got ${show(twice)} twice`);
  }
  return [...limits];
}

/** The bucket as its store sees it. */
export function defineBucket(
  fn: string,
  name: string,
  limits: readonly LimitOptions[],
): BucketDefinition {
  const at = (i: number) => (limits.length === 1 ? '' : `limits[${i}].`);
  const defined = limits.map((one, i) => defineLimit(fn, one, at(i)));
  return Object.freeze({ name, limits: Object.freeze(defined) });
}

/** The key of each limit, in the order of the limits. */
export function keysOf(fn: string, { limits }: BucketDefinition, key: Keys): readonly string[] {
  if (typeof key === 'string') {
    requireKey(fn, 'key', key);
    return limits.length === 1 ? [key] : limits.map(() => key);
  }
  if (typeof key !== 'object' || key === null) {
    throw new TypeError(`${fn}: key must be a string or one string per limit, got ${show(key)}`);
  }
  const keys = limits.map(({ name }) => {
    const own = Object.hasOwn(key, name) ? key[name] : undefined;
    return requireKey(fn, `key[${show(name)}]`, own);
  });
  const stray = Object.keys(key).find((name) => limits.every((limit) => limit.name !== name));
  if (stray !== undefined) {
    throw new RangeError(`${fn}: key has no limit named ${show(stray)} to go with it`);
  }
  return keys;
}

/** Returns the number of tokens if it is a whole number of at least 0. */
export function requireTokens(fn: string, argument: string, tokens: unknown): number {
  return requireInteger(fn, argument, tokens, { min: 0 });
}
