import type { HotKeys } from './hot-keys.js';
import { saltFactor, shareOfOneSalt } from './salt-factor.js';

/** When a key begins to be hot, and when it ends. */
export interface Thresholds {
  readonly headroom: number;
  readonly enterShare: number | undefined;
  readonly leaveShare: number | undefined;
  readonly enterWeight: number;
}

/** The keys that are hot now. */
export interface HotSet {
  /**
   * Over how many salts a key should go on a ring of so many nodes; 1 when it is not hot. While
   * a key is hot this only grows, and when it no longer is, it is 1 at once: it never flaps.
   */
  factorOf(key: string, nodes: number): number;
  /** The factors of all keys that are hot, by key. */
  factors(nodes: number): Map<string, number>;
}

interface Hot {
  readonly factor: number;
  /** The largest share that it had, and on how many nodes: no smaller one needs more salts. */
  readonly share: number;
  readonly nodes: number;
}

/**
 * Creates an empty set over a sketch. A key enters when it surely has `enterShare`, and leaves
 * when it surely has less than `leaveShare`: in between, and while the sketch is not sure, all
 * stays as it is.
 */
export function createHotSet(
  hot: Pick<HotKeys, 'estimate' | 'top'>,
  { headroom, enterShare, leaveShare, enterWeight }: Thresholds,
): HotSet {
  const hottest = new Map<string, Hot>();

  function thresholdsOn(nodes: number) {
    const enough = Math.max(shareOfOneSalt(nodes, headroom), leaveShare ?? 0);
    const enter = enterShare ?? enough;
    return { enter, leave: leaveShare ?? enter / 2 };
  }

  function factorOf(key: string, nodes: number): number {
    const { enter, leave } = thresholdsOn(nodes);
    const seen = hot.estimate(key);
    const before = hottest.get(key);
    if (before === undefined) {
      if (seen === undefined || seen.leastShare < enter) return 1;
      if (seen.weight - seen.error < enterWeight) return 1;
      // Whoever is asked for no more must not stay for ever: the set is as bounded as the sketch.
      for (const other of [...hottest.keys()]) factorOf(other, nodes);
    } else if (seen === undefined || seen.share < leave) {
      hottest.delete(key);
      return 1;
    } else if (seen.share <= before.share && nodes === before.nodes) {
      return before.factor;
    }
    const needed = saltFactor({ share: seen.share, nodes, headroom });
    const factor = Math.max(before?.factor ?? 1, needed);
    hottest.set(key, { factor, share: seen.share, nodes });
    return factor;
  }

  return {
    factorOf,
    factors(nodes) {
      const counted = hot.top(Number.MAX_SAFE_INTEGER).map(({ key }) => key);
      for (const key of [...hottest.keys(), ...counted]) factorOf(key, nodes);
      return new Map([...hottest].map(([key, { factor }]) => [key, factor]));
    },
  };
}
