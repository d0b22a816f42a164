import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHashRing, type HashRingOptions, type RingNode } from '../src/index.js';
import { createRendezvous } from '../src/rendezvous.js';
import { anyKeys, anyMembership, ringOf } from './memberships.js';

const makers = [
  ['createHashRing', createHashRing],
  ['createRendezvous', createRendezvous],
] as const;

describe('3. Weight 0 drains: a member that owns nothing', () => {
  test('no key goes to a drained node, first or later, pinned or not', () => {
    fc.assert(
      fc.property(anyMembership, anyKeys, (membership, keys) => {
        const drained = new Set(
          membership.nodes.filter(({ weight }) => weight === 0).map(({ id }) => id),
        );
        const ring = ringOf(membership);
        for (const key of [...keys, ...membership.pins.keys()]) {
          for (const spread of ['node', 'zone'] as const) {
            const list = ring.nodesFor(key, 20, { spread });
            expect(list.filter((id) => drained.has(id))).toEqual([]);
            expect(list).toHaveLength(membership.nodes.length - drained.size);
          }
        }
      }),
    );
  });

  test('a drained node is a member still, and comes back as it was', () => {
    const ring = createHashRing(['a', 'b', 'c']);
    const drained = ring.reweigh('b', 0);
    expect(drained.nodes.map(({ id, weight }) => [id, weight])).toEqual([
      ['a', 1],
      ['b', 0],
      ['c', 1],
    ]);
    expect(drained.diff(ring.without('b')).ranges).toEqual([]);
    expect(drained.reweigh('b', 1).fingerprint).toBe(ring.fingerprint);
    expect(ring.diff(drained.reweigh('b', 1)).ranges).toEqual([]);
  });

  test.each(makers)('%s: where nobody owns anything the answer is undefined', (_, create) => {
    for (const nodes of [[], [{ id: 'a', weight: 0 }], [{ id: 'a', weight: -0 }]]) {
      const empty = create(nodes, { pins: { pinned: 'a' } });
      for (const key of ['k', '', 'pinned', '__proto__']) {
        expect(empty.nodeFor(key)).toBeUndefined();
        expect(empty.nodesFor(key, 3)).toEqual([]);
        expect(empty.nodesFor(key, 3, { spread: 'zone' })).toEqual([]);
      }
    }
    expect(create([{ id: 'a', weight: -0 }]).fingerprint).toBe(
      create([{ id: 'a', weight: 0 }]).fingerprint,
    );
  });

  test('the smallest positive weight has a point', () => {
    const ring = createHashRing([{ id: 'least', weight: Number.MIN_VALUE }, 'a'], { vnodes: 2 });
    expect(ring.nodesFor('k', 2).sort()).toEqual(['a', 'least']);
    expect(ring.balance().nodes[1]?.actual).toBeGreaterThan(0);
    const only = createRendezvous([{ id: 'least', weight: Number.MIN_VALUE }]);
    expect(only.nodeFor('k')).toBe('least');
  });
});

describe('3. Weight 0 drains, and what is no weight or id is refused', () => {
  const refused: readonly (readonly [nodes: unknown, error: Error])[] = [
    [undefined, new TypeError('nodes must be an array, got undefined')],
    ['a', new TypeError('nodes must be an array, got "a"')],
    [[7], new TypeError('nodes[0] must be a node or an id, got 7')],
    [['a', null], new TypeError('nodes[1] must be a node or an id, got null')],
    [[{}], new TypeError('nodes[0].id must be a string, got undefined')],
    [[''], new RangeError('nodes[0] must have 1 to 1024 characters, got ""')],
    [[{ id: '' }], new RangeError('nodes[0].id must have 1 to 1024 characters, got ""')],
    [['a', 'b', 'a'], new RangeError('nodes must have an id each, got "a" twice')],
    [['a\ud800'], new RangeError('nodes[0] must have no lone surrogate, got "a\\ud800"')],
    [
      [{ id: 'a', zone: '' }],
      new RangeError('nodes[0].zone must have 1 to 1024 characters, got ""'),
    ],
    [[{ id: 'a', zone: 1 }], new TypeError('nodes[0].zone must be a string, got 1')],
    [[weighing(-1)], new RangeError('nodes[0].weight must be a number from 0 to 16777216, got -1')],
    [
      [weighing(Number.NaN)],
      new RangeError('nodes[0].weight must be a number from 0 to 16777216, got NaN'),
    ],
    [
      [weighing(Number.POSITIVE_INFINITY)],
      new RangeError('nodes[0].weight must be a number from 0 to 16777216, got Infinity'),
    ],
    [
      [weighing('1')],
      new TypeError('nodes[0].weight must be a number from 0 to 16777216, got "1"'),
    ],
    [
      [weighing(null)],
      new TypeError('nodes[0].weight must be a number from 0 to 16777216, got null'),
    ],
  ];

  for (const [fn, create] of makers) {
    test.each(refused)(`${fn} refuses nodes %#`, (nodes, error) => {
      const attempt = () => create(nodes as RingNode[]);
      expect(attempt).toThrow(`${fn}: ${error.message}`);
      expect(attempt).toThrow(error.constructor as ErrorConstructor);
    });
  }

  const badOptions: readonly (readonly [options: unknown, error: Error])[] = [
    [null, new TypeError('options must be an object, got null')],
    [{ vnodes: 0 }, new RangeError('vnodes must be an integer from 1 to 65536, got 0')],
    [{ vnodes: 65_537 }, new RangeError('vnodes must be an integer from 1 to 65536, got 65537')],
    [{ vnodes: 1.5 }, new RangeError('vnodes must be an integer from 1 to 65536, got 1.5')],
    [{ vnodes: '9' }, new TypeError('vnodes must be an integer from 1 to 65536, got "9"')],
    [{ seed: -1 }, new RangeError('seed must be an integer from 0 to 4294967295, got -1')],
    [{ seed: 2 ** 32 }, new RangeError('seed must be an integer from 0 to 4294967295, got 42949')],
    [{ pins: null }, new TypeError('pins must be an object of node ids by key, got null')],
    [{ pins: [] }, new TypeError('pins must be an object of node ids by key, got an array')],
    [{ pins: { k: 1 } }, new TypeError('pins["k"] must be a string, got 1')],
    [{ pins: { k: '' } }, new RangeError('pins["k"] must have 1 to 1024 characters, got ""')],
    [
      { pins: { '\udc00': 'a' } },
      new RangeError('each key of pins must have no lone surrogate, got "\\udc00"'),
    ],
  ];

  test.each(badOptions)('createHashRing refuses options %#', (options, error) => {
    const attempt = () => createHashRing(['a'], options as HashRingOptions);
    expect(attempt).toThrow(`createHashRing: ${error.message}`);
    expect(attempt).toThrow(error.constructor as ErrorConstructor);
  });

  test('more than 2^24 points are refused before any is drawn', () => {
    const nodes = [{ id: 'a', weight: 16_777_216 }];
    expect(() => createHashRing(nodes)).toThrow(
      new RangeError(
        'createHashRing: vnodes times all weights must be at most 16777216 points, got 2684354560',
      ),
    );
    const ring = createHashRing(['a']);
    expect(() => ring.with({ id: 'b', weight: 200_000 })).toThrow(/^ring.with: vnodes times all/);
    expect(() => ring.reweigh('a', 200_000)).toThrow(/^ring.reweigh: vnodes times all weights/);
  });

  test.each([
    ['ring', createHashRing(['a', 'b'])],
    ['rendezvous', createRendezvous(['a', 'b'])],
  ] as const)('%s: a change that cannot be made says why', (name, ring) => {
    expect(() => ring.with('a')).toThrow(
      new RangeError(`${name}.with: node must not be a member already, got "a"`),
    );
    expect(() => ring.with({ id: 'c', weight: -1 })).toThrow(
      new RangeError(`${name}.with: node.weight must be a number from 0 to 16777216, got -1`),
    );
    expect(() => ring.without('c')).toThrow(
      new RangeError(`${name}.without: id must be that of a member, got "c"`),
    );
    expect(() => ring.without(7 as never)).toThrow(TypeError);
    expect(() => ring.reweigh('c', 1)).toThrow(
      new RangeError(`${name}.reweigh: id must be that of a member, got "c"`),
    );
    expect(() => ring.reweigh('a', Number.NaN)).toThrow(
      new RangeError(`${name}.reweigh: weight must be a number from 0 to 16777216, got NaN`),
    );
    expect(() => ring.nodeFor(undefined as never)).toThrow(
      new TypeError(`${name}.nodeFor: key must be a string, got undefined`),
    );
    expect(() => ring.nodesFor(7 as never, 1)).toThrow(
      new TypeError(`${name}.nodesFor: key must be a string, got 7`),
    );
    expect(() => ring.nodesFor('k', -1)).toThrow(
      new RangeError(`${name}.nodesFor: n must be an integer of at least 0, got -1`),
    );
    expect(() => ring.nodesFor('k', 1, { spread: 'rack' as never })).toThrow(
      new RangeError(`${name}.nodesFor: spread must be "node" or "zone", got "rack"`),
    );
  });

  test('positionOf takes texts only', () => {
    expect(() => createHashRing([]).positionOf(1 as never)).toThrow(
      new TypeError('ring.positionOf: key must be a string, got 1'),
    );
  });
});

function weighing(weight: unknown) {
  return { id: 'a', weight };
}
