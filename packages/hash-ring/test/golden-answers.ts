import { createHashRing, type RingNode } from '../src/index.js';
import { jumpHash } from '../src/jump.js';
import { createRendezvous } from '../src/rendezvous.js';

const nodes: readonly (string | RingNode)[] = [
  { id: 'cache-a', zone: 'eu-1' },
  { id: 'cache-b', zone: 'eu-1', weight: 2 },
  { id: 'cache-c', zone: 'eu-2' },
  { id: 'cache-d', zone: 'eu-2', weight: 0.25 },
  { id: 'drained', weight: 0 },
  'café',
  '日本',
  '\u{1f600}',
  '__proto__',
  '10.0.0.1:6379',
];

const pins = JSON.parse('{"celebrity-7": "cache-c", "__proto__": "café", "lost": "absent"}');

const plain =
  'a ab abc abcd abcde user:42 user:43 celebrity-7 __proto__ lost constructor 0:cache-a';
const foreign = 'naïve ключ 鍵 \u{1f511}';
const keys = ['', ...`${plain} ${foreign}`.split(' '), '\ud83d', 'x'.repeat(100)];

/**
 * Every kind of answer, of one ring that never changes: what a process of any version, runtime or
 * machine must give.
 *
 * @param turned - Whether the members are given in the opposite order.
 */
export function goldenAnswers(turned = false) {
  const members = turned ? nodes.toReversed() : nodes;
  const ring = createHashRing(members, { pins, seed: 7 });
  const ranked = createRendezvous(members, { pins, seed: 7 });
  return {
    fingerprints: [ring.fingerprint, ranked.fingerprint],
    shares: ring.balance().nodes.map(({ id, actual }) => [id, actual]),
    answers: keys.map((key) => ({
      key,
      position: ring.positionOf(key),
      ring: ring.nodesFor(key, 4),
      spread: ring.nodesFor(key, 4, { spread: 'zone' }),
      rendezvous: ranked.nodesFor(key, 4),
      jump: [10, 1_000, 2 ** 31 - 1].map((buckets) => jumpHash(key, buckets)),
    })),
  };
}
