import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHashRing, type RingNode } from '../src/index.js';
import { createRendezvous } from '../src/rendezvous.js';
import { anyMembership, ringOf } from './memberships.js';

describe('1. Deterministic: the fingerprint is equal exactly when two processes agree', () => {
  const base = createHashRing(['a', { id: 'b', weight: 2, zone: 'z' }], { pins: { k: 'a' } });
  const others: readonly (readonly [what: string, ring: { fingerprint: string }])[] = [
    ['another seed', createHashRing(base.nodes, { seed: 1, pins: { k: 'a' } })],
    ['other vnodes', createHashRing(base.nodes, { vnodes: 161, pins: { k: 'a' } })],
    ['a member more', base.with('c')],
    ['a member less', base.without('a')],
    ['a drained member more', base.with({ id: 'c', weight: 0 })],
    ['another id', base.without('a').with('A')],
    // 160 · 2.001 points are as many as 160 · 2, yet bounded loads differ.
    ['another weight of as many points', base.reweigh('b', 2.001)],
    ['another zone', base.without('b').with({ id: 'b', weight: 2, zone: 'y' })],
    ['no zone', base.without('b').with({ id: 'b', weight: 2 })],
    ['no pin', createHashRing(base.nodes)],
    ['a pin elsewhere', createHashRing(base.nodes, { pins: { k: 'b' } })],
    ['a pin of another key', createHashRing(base.nodes, { pins: { l: 'a' } })],
    ['a pin that is ignored', createHashRing(base.nodes, { pins: { k: 'a', l: 'x' } })],
    ['another algorithm', createRendezvous(base.nodes, { pins: { k: 'a' } })],
  ];

  test.each(others)('%s is another fingerprint', (_, ring) => {
    expect(ring.fingerprint).not.toBe(base.fingerprint);
    expect(ring.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  test('all of those are different from one another', () => {
    const prints = others.map(([, ring]) => ring.fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });

  test('ids, zones and pins cannot pass for one another', () => {
    const same: RingNode[][] = [
      [{ id: 'a', zone: 'b' }],
      [{ id: 'a' }, { id: 'b' }],
      [{ id: 'a,b' }],
      [{ id: '["a",1,"b"]' }],
    ];
    const prints = same.map((nodes) => createHashRing(nodes).fingerprint);
    expect(new Set(prints).size).toBe(same.length);
  });

  test('rings of one fingerprint answer alike, and others have another one', () => {
    fc.assert(
      fc.property(anyMembership, anyMembership, (one, other) => {
        const [left, right] = [ringOf(one), ringOf(other)];
        const facts = (ring: typeof left, pins: ReadonlyMap<string, string>) =>
          JSON.stringify([ring.nodes, ring.seed, ring.vnodes, [...pins].sort()]);
        const isSame = facts(left, one.pins) === facts(right, other.pins);
        expect(left.fingerprint === right.fingerprint).toBe(isSame);
        expect(ringOf({ ...one }).fingerprint).toBe(left.fingerprint);
      }),
    );
  });

  test('it is the one that this text of JSON has, so that any language can compute it', async () => {
    const text = '["gabion ring 1: murmur3_x86_32",0,160,[["a",1,null],["b",2,"z"]],[["k","a"]]]';
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    expect(base.fingerprint).toBe(Buffer.from(digest).toString('hex'));
  });
});
