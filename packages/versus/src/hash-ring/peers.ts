import { createRequire } from 'node:module';

// The peers that come without types, and what is used of them.

const load = createRequire(import.meta.url);

/** `hashring`. */
export const HashRing = load('hashring') as {
  new (
    servers: Readonly<Record<string, { weight: number }>>,
    algorithm: string,
    options: Readonly<Record<string, unknown>>,
  ): {
    get(key: string): string | undefined;
    range(key: string, size: number): string[];
  };
};

/** `consistent-hash`. */
export const ConsistentHash = load('consistent-hash') as {
  new (options: {
    readonly range: number;
  }): {
    add(node: string, points: number): unknown;
    get(key: string): string | null;
    get(key: string, count: number): string[] | null;
  };
};

/** `hash-ring`. */
export const HashRingByKey = load('hash-ring') as {
  new (
    nodes: readonly string[],
    options: { readonly replicas: number },
  ): { getNode(key: string): string | null };
};

/** `consistent-hashing`. */
export const ConsistentHashing = load('consistent-hashing') as {
  new (
    nodes: readonly string[],
    options: { readonly replicas: number },
  ): { getNode(key: string): string | 0 };
};

/** `jumphash`. */
export const jumphash = load('jumphash') as (key: number | string, buckets: number) => number;
