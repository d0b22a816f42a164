import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBoundedRing, createHashRing, type Held } from '../src/index.js';
import { createRendezvous } from '../src/rendezvous.js';

const names = ['a', 'b', 'c', '__proto__', 'e', 'f'] as const;

/** Whole weights and load factors of quarters, so that an oracle can count in whole numbers. */
const anyNodes = fc
  .uniqueArray(fc.record({ id: fc.constantFrom(...names), weight: fc.nat({ max: 5 }) }), {
    selector: ({ id }) => id,
    maxLength: 6,
  })
  .map((nodes) => nodes.map(({ id, weight }) => ({ id, weight: weight as number })));

const anyQuarters = fc.integer({ min: 4, max: 12 });

type Step =
  | { readonly kind: 'acquire'; readonly key: string }
  | { readonly kind: 'release'; readonly at: number }
  | { readonly kind: 'update'; readonly nodes: { id: string; weight: number }[] };

const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .nat({ max: 5 })
        .map((i): Step => ({ kind: 'acquire', key: i === 0 ? 'hot' : `key-${i}` })),
    },
    { weight: 2, arbitrary: fc.nat().map((at): Step => ({ kind: 'release', at })) },
    { weight: 1, arbitrary: anyNodes.map((nodes): Step => ({ kind: 'update', nodes })) },
  ),
  { maxLength: 80 },
);

/** ⌈c · (m + 1) · w / W⌉ in whole numbers; c comes in quarters. */
function most(quarters: number, before: number, weight: number, sum: number): number {
  const [over, under] = [BigInt(quarters * (before + 1) * weight), BigInt(4 * sum)];
  return Number((over + under - 1n) / under);
}

/** Plays a history and tells each acquisition, with what was held just before it. */
function play(
  create: typeof createHashRing | typeof createRendezvous,
  nodes: { id: string; weight: number }[],
  quarters: number,
  steps: readonly Step[],
  tell: (taken: {
    key: string;
    node: string | undefined;
    held: ReadonlyMap<string, number>;
    total: number;
    nodes: readonly { id: string; weight: number }[];
    ranking: readonly string[];
  }) => void,
): void {
  const bounded = createBoundedRing(create(nodes), { loadFactor: quarters / 4 });
  const held: Held[] = [];
  let current = nodes;
  for (const step of steps) {
    if (step.kind === 'update') {
      current = step.nodes;
      bounded.update(create(current));
    } else if (step.kind === 'release') {
      const [gone] = held.splice(step.at % Math.max(1, held.length), 1);
      gone?.release();
      gone?.release();
    } else {
      const counts = new Map<string, number>();
      for (const { node } of held) counts.set(node, (counts.get(node) ?? 0) + 1);
      const ranking = bounded.ring.nodesFor(step.key, 10);
      const taken = bounded.acquire(step.key);
      tell({
        key: step.key,
        node: taken?.node,
        held: counts,
        total: held.length,
        nodes: current,
        ranking,
      });
      if (taken !== undefined) held.push(taken);
    }
    const loads = new Map(bounded.loads().map((load) => [load.id, load.held]));
    for (const { node } of held) expect(loads.get(node)).toBeGreaterThan(0);
    expect([...loads.values()].reduce((sum, count) => sum + count, 0)).toBe(held.length);
  }
}

describe('6. Bounded loads: no node is given more than its share', () => {
  test.each([
    ['a ring', createHashRing],
    ['rendezvous', createRendezvous],
  ] as const)('over %s, on any history, the chosen node ends within its bound', (_, create) => {
    fc.assert(
      fc.property(anyNodes, anyQuarters, anySteps, (start, quarters, steps) => {
        play(create, start, quarters, steps, ({ node, held, total, nodes }) => {
          const sum = nodes.reduce((all, { weight }) => all + weight, 0);
          if (sum === 0) {
            expect(node).toBeUndefined();
            return;
          }
          const weight = nodes.find(({ id }) => id === node)?.weight as number;
          expect(weight).toBeGreaterThan(0);
          const after = (held.get(node as string) ?? 0) + 1;
          expect(after).toBeLessThanOrEqual(most(quarters, total, weight, sum));
        });
      }),
      { numRuns: 300 },
    );
  });

  test('it is the first node of the list that has room', () => {
    fc.assert(
      fc.property(anyNodes, anyQuarters, anySteps, (start, quarters, steps) => {
        play(createHashRing, start, quarters, steps, ({ node, held, total, nodes, ranking }) => {
          const sum = nodes.reduce((all, { weight }) => all + weight, 0);
          const first = ranking.find((id) => {
            const weight = nodes.find((one) => one.id === id)?.weight as number;
            return (held.get(id) ?? 0) + 1 <= most(quarters, total, weight, sum);
          });
          expect(node).toBe(first);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('one key alone is spread over as many nodes as the factor makes it', () => {
    const ids = Array.from({ length: 10 }, (_, i) => `n${i}`);
    const bounded = createBoundedRing(createHashRing(ids), { loadFactor: 1.25 });
    for (let i = 0; i < 1_000; i += 1) bounded.acquire('celebrity');
    const held = bounded.loads().map((load) => load.held);
    expect(Math.max(...held)).toBe(125);
    expect(held.filter((count) => count > 0)).toHaveLength(8);
  });

  test('at a factor of 1 loads are as even as whole numbers can be', () => {
    const bounded = createBoundedRing(createHashRing(['a', 'b', 'c', 'd']), { loadFactor: 1 });
    for (let i = 0; i < 40; i += 1) bounded.acquire('one');
    expect(bounded.loads().map((load) => load.held)).toEqual([10, 10, 10, 10]);
  });

  test('a wide factor leaves every key at home', () => {
    const ring = createHashRing(['a', 'b', 'c']);
    const bounded = createBoundedRing(ring, { loadFactor: 1e9 });
    for (let i = 0; i < 200; i += 1) {
      expect(bounded.acquire(`k${i}`)?.node).toBe(ring.nodeFor(`k${i}`));
    }
  });

  test('weights that are no whole numbers, however small, always leave somebody with room', () => {
    const weight = fc.oneof(
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.constantFrom(Number.MIN_VALUE, 1e-300, 1e-9, 16_777_216),
    );
    const factor = fc.double({ min: 1, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 6 }), factor, (all, loadFactor) => {
        fc.pre(all.some((one) => one > 0));
        const ring = createRendezvous(all.map((one, i) => ({ id: `n${i}`, weight: one })));
        const bounded = createBoundedRing(ring, { loadFactor });
        for (let i = 0; i < 60; i += 1) expect(bounded.acquire(`k${i % 3}`)).toBeDefined();
      }),
    );
  });
});

describe('6. Bounded loads: places are given back, and outlive a change of members', () => {
  test('a second release does nothing', () => {
    const bounded = createBoundedRing(createHashRing(['a']));
    const [one, two] = [bounded.acquire('k'), bounded.acquire('k')];
    one?.release();
    one?.release();
    expect(bounded.loads()).toEqual([{ id: 'a', held: 1, present: true }]);
    two?.release();
    expect(bounded.loads()).toEqual([{ id: 'a', held: 0, present: true }]);
  });

  test('update keeps the holders; those of a removed node count until they are released', () => {
    const ring = createHashRing(['a', 'b']);
    const bounded = createBoundedRing(ring, { loadFactor: 1 });
    const held = Array.from({ length: 8 }, (_, i) => bounded.acquire(`k${i}`) as Held);
    const next = ring.without('b').with('c');
    bounded.update(next);
    expect(bounded.ring).toBe(next);
    expect(bounded.loads()).toEqual([
      { id: 'a', held: 4, present: true },
      { id: 'b', held: 4, present: false },
      { id: 'c', held: 0, present: true },
    ]);
    // With the 4 that are gone 9 are held in the end: 5 on each of two, so `a` has room for one.
    const homes = ['x', 'y', 'z'].map(() => bounded.acquire(keyOf(next, 'a'))?.node);
    expect(homes).toEqual(['a', 'c', 'a']);
    for (const one of held) one.release();
    expect(bounded.loads()).toEqual([
      { id: 'a', held: 2, present: true },
      { id: 'c', held: 1, present: true },
    ]);
  });

  test('a node that comes back finds what it held', () => {
    const ring = createHashRing(['a', 'b']);
    const bounded = createBoundedRing(ring);
    const taken = bounded.acquire(keyOf(ring, 'a'));
    bounded.update(ring.without('a'));
    bounded.update(ring);
    expect(bounded.loads()[0]).toEqual({ id: 'a', held: 1, present: true });
    taken?.release();
    expect(bounded.loads()[0]).toEqual({ id: 'a', held: 0, present: true });
  });

  test('a drained node receives nothing and keeps what it has', () => {
    const ring = createHashRing(['a', 'b']);
    const bounded = createBoundedRing(ring, { loadFactor: 1 });
    for (let i = 0; i < 10; i += 1) bounded.acquire(`k${i}`);
    bounded.update(ring.reweigh('a', 0));
    for (let i = 0; i < 10; i += 1) expect(bounded.acquire(`k${i}`)?.node).toBe('b');
    expect(bounded.loads().map((load) => load.held)).toEqual([5, 15]);
  });

  test('an empty ring gives undefined, and a key that is no text is an error', () => {
    const bounded = createBoundedRing(createHashRing([{ id: 'a', weight: 0 }]));
    expect(bounded.acquire('k')).toBeUndefined();
    expect(() => bounded.acquire(1 as never)).toThrow(TypeError);
    expect(bounded.loads()).toEqual([{ id: 'a', held: 0, present: true }]);
  });

  test('loadFactor is at least 1, and 1.25 unless given', () => {
    const ring = createHashRing(['a', 'b', 'c', 'd']);
    const attempt = (loadFactor: unknown) => () =>
      createBoundedRing(ring, { loadFactor: loadFactor as number });
    expect(attempt(0.99)).toThrow(
      new RangeError(
        'createBoundedRing: loadFactor must be a finite number of at least 1, got 0.99',
      ),
    );
    expect(attempt(Number.NaN)).toThrow(RangeError);
    expect(attempt(Number.POSITIVE_INFINITY)).toThrow(RangeError);
    expect(attempt('2')).toThrow(TypeError);
    const bounded = createBoundedRing(ring);
    for (let i = 0; i < 100; i += 1) bounded.acquire('one');
    expect(Math.max(...bounded.loads().map((load) => load.held))).toBe(32);
  });

  test('what is no ring is refused', () => {
    expect(() => createBoundedRing(null as never)).toThrow(
      new TypeError('createBoundedRing: ring must be a ring, got null'),
    );
    const bounded = createBoundedRing(createHashRing(['a']));
    expect(() => bounded.update({} as never)).toThrow(
      new TypeError('bounded.update: next must be a ring, got an object'),
    );
    expect(bounded.acquire('k')?.node).toBe('a');
  });
});

/** A key that lives on a node. */
function keyOf(ring: { nodeFor(key: string): string | undefined }, node: string): string {
  for (let i = 0; ; i += 1) if (ring.nodeFor(`key-${i}`) === node) return `key-${i}`;
}
