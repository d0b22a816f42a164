import { requireInteger, show } from '@gabion/contract';

/**
 * Over how many salts keys go. A number holds for every key. A table, plain JSON, holds for the
 * keys in it, and all others have 1: they are never salted.
 */
export type Salts = number | Readonly<Record<string, number>>;

/** What all processes agree on, but for one version between two of them while it changes. */
export interface SaltConfig {
  /** Counts the changes, from 0. */
  readonly version: number;
  /** Over how many salts a reader looks: salted parts are in none beyond. */
  readonly readSalts: Salts;
  /** Over how many salts a writer writes. */
  readonly writeSalts: Salts;
}

/** The salts of one key. Only own properties count, so `__proto__` is a key like any other. */
export function saltsOf(salts: Salts, key: string): number {
  if (typeof salts === 'number') return salts;
  return Object.hasOwn(salts, key) ? (salts[key] as number) : 1;
}

/**
 * The salts that each of several configurations gives a key, for every key that one of them names
 * and for one that none names.
 */
export function perKey(...all: readonly Salts[]): { key?: string; salts: number[] }[] {
  const tables = all.filter((salts) => typeof salts === 'object');
  const keys = new Set(tables.flatMap((table) => Object.keys(table)));
  const named = [...keys].map((key) => ({ key, salts: all.map((salts) => saltsOf(salts, key)) }));
  const ofOthers = all.map((salts) => (typeof salts === 'number' ? salts : 1));
  return [...named, { salts: ofOthers }];
}

/** Whether `wide` is at least `narrow` for every key. */
export function covers(wide: Salts, narrow: Salts): boolean {
  return perKey(wide, narrow).every(({ salts: [a, b] }) => (a as number) >= (b as number));
}

/** Whether both are the same for every key. */
export function sameSalts(one: Salts, other: Salts): boolean {
  return covers(one, other) && covers(other, one);
}

/**
 * For each key the larger, or the smaller, of two. A number and a table fit together only where
 * the number is 1, which is an empty table.
 */
export function both(choose: (...salts: number[]) => number, one: Salts, other: Salts): Salts {
  if (typeof one === 'number' && typeof other === 'number') return choose(one, other);
  const chosen = perKey(one, other).map(({ key, salts }) => [key, choose(...salts)] as const);
  const named = chosen.filter(([key, salts]) => key !== undefined && salts > 1);
  return Object.freeze(Object.fromEntries(named as [string, number][]));
}

/** Checks salts, and copies a table so that nobody changes it later. */
export function requireSalts(fn: string, argument: string, value: unknown, max: number): Salts {
  const range = { min: 1, max };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (typeof value === 'number') return requireInteger(fn, argument, value, range);
    throw new TypeError(`${fn}: ${argument} must be a number or a table, got ${show(value)}`);
  }
  const entries = Object.entries(value).map(([key, salts]) => {
    return [key, requireInteger(fn, `${argument}[${show(key)}]`, salts, range)] as const;
  });
  return Object.freeze(Object.fromEntries(entries));
}

/** Checks a configuration, and copies it. */
export function requireConfig(fn: string, argument: string, value: unknown, max: number) {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${fn}: ${argument} must be a configuration, got ${show(value)}`);
  }
  const { version, readSalts, writeSalts } = value as SaltConfig;
  const config: SaltConfig = {
    version: requireInteger(fn, `${argument}.version`, version, { min: 0 }),
    readSalts: requireSalts(fn, `${argument}.readSalts`, readSalts, max),
    writeSalts: requireSalts(fn, `${argument}.writeSalts`, writeSalts, max),
  };
  return Object.freeze(config);
}
