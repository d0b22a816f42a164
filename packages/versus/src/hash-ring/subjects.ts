import { createHashRing } from '@gabion/hash-ring';
import { createRendezvous } from '@gabion/hash-ring/rendezvous';
import { HashRing as EffectRing, PrimaryKey } from 'effect';
import { HashRing as Ketama } from 'ketama';
import { ConsistentHash, ConsistentHashing, HashRing, HashRingByKey } from './peers.js';

/** A node as every candidate can be told it. */
export interface Member {
  readonly id: string;
  readonly weight: number;
}

/** A ring that was built for one question. */
export interface Opened {
  /** The node of a key, and nothing where there is none. */
  nodeFor(key: string): string | undefined;
  /** The first nodes of a key, where it can be asked for more than one. */
  nodesFor?(key: string, n: number): readonly string[];
}

/** A candidate. */
export interface Subject {
  /** The heading of its column. */
  readonly name: string;
  /** Why its nodes have no weights, where they have none. */
  readonly noWeights?: string;
  /** Whether a lookup takes so long that it is asked for fewer keys, of ten nodes at most. */
  readonly isSlow?: boolean;
  /** Builds a ring of these members, each of so many points for a weight of 1. */
  open(members: readonly Member[], points: number): Opened;
}

/** Ours. */
export const gabion: Subject = {
  name: 'gabion',
  open: (members, vnodes) => createHashRing(members, { vnodes }),
};

/** Ours by rendezvous, which has no points. */
export const gabionRendezvous: Subject = {
  name: 'gabion rendezvous',
  open: (members) => createRendezvous(members),
};

/** `hashring`: libketama's points, four to a digest, and a cache of 5 000 keys. */
const hashring: Subject = {
  name: 'hashring',
  open(members, points) {
    const servers = Object.fromEntries(members.map(({ id, weight }) => [id, { weight }]));
    const ring = new HashRing(servers, 'md5', { 'vnode count': points / 4 });
    return {
      nodeFor: (key) => ring.get(key),
      nodesFor: (key, n) => ring.range(key, n),
    };
  },
};

/** `consistent-hash`: with a range that has room for 160 000 points drawn at random. */
const consistentHash: Subject = {
  name: 'consistent-hash',
  open(members, points) {
    const ring = new ConsistentHash({ range: 16_777_213 });
    for (const { id, weight } of members) {
      if (weight > 0) ring.add(id, Math.round(points * weight));
    }
    return {
      nodeFor: (key) => ring.get(key) ?? undefined,
      nodesFor: (key, n) => ring.get(key, n) ?? [],
    };
  },
};

/** `ketama`: the points of a weight of 1 are a static of the class. */
const ketama: Subject = {
  name: 'ketama',
  open(members, points) {
    (Ketama as unknown as { baseWeight: number }).baseWeight = points;
    const ring = new Ketama(members.map(({ id: node, weight }) => ({ node, weight })));
    return {
      nodeFor: (key) => ring.getNode(key),
      nodesFor: (key, n) => ring.getNodes(key, n) as string[],
    };
  },
};

/** `hash-ring`. */
const hashRing: Subject = {
  name: 'hash-ring',
  noWeights: 'no weights',
  isSlow: true,
  open(members, replicas) {
    const ring = new HashRingByKey(idsOf(members), { replicas });
    return { nodeFor: (key) => ring.getNode(key) ?? undefined };
  },
};

/** `consistent-hashing`: it answers 0 where there is nobody. */
const consistentHashing: Subject = {
  name: 'consistent-hashing',
  noWeights: 'no weights',
  isSlow: true,
  open(members, replicas) {
    const ring = new ConsistentHashing(idsOf(members), { replicas });
    return { nodeFor: (key) => ring.getNode(key) || undefined };
  },
};

/** `HashRing` of `effect`, whose nodes are objects with a primary key. */
const effect: Subject = {
  name: 'effect HashRing',
  open(members, baseWeight) {
    const ring = EffectRing.make<{ id: string } & PrimaryKey.PrimaryKey>({ baseWeight });
    const node = (id: string) => ({ id, [PrimaryKey.symbol]: () => id });
    // All of one weight at once: it sorts at every call.
    for (const weight of new Set(members.map((member) => member.weight))) {
      const alike = members.filter((member) => member.weight === weight);
      EffectRing.addMany(
        ring,
        alike.map(({ id }) => node(id)),
        { weight },
      );
    }
    return { nodeFor: (key) => EffectRing.get(ring, key)?.id };
  },
};

function idsOf(members: readonly Member[]): string[] {
  return members.map(({ id }) => id);
}

/** All peers. */
export const peers: readonly Subject[] = [
  consistentHash,
  ketama,
  effect,
  hashring,
  hashRing,
  consistentHashing,
];

/** So many nodes of weight 1. */
export function membersOf(count: number): Member[] {
  return Array.from({ length: count }, (_, i) => ({ id: `10.0.${i >> 8}.${i & 255}`, weight: 1 }));
}

/** Distinct keys of 17 ASCII characters. */
export function keysOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `user:${String(i * 7_919).padStart(12, '0')}`);
}
