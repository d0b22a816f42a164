/** Everything that was recorded, kept for ever: what the sketch is compared with. */
export interface Oracle {
  record(key: string, weight: number, atMs: number): void;
  /** The decayed weight of a key, exactly but for rounding. */
  weight(key: string, nowMs: number): number;
  total(nowMs: number): number;
  readonly keys: ReadonlySet<string>;
}

export function createOracle(halfLifeMs: number): Oracle {
  const events: { key: string; weight: number; atMs: number }[] = [];
  const keys = new Set<string>();
  const sum = (nowMs: number, of: typeof events) =>
    of.reduce((all, { weight, atMs }) => all + weight * 2 ** ((atMs - nowMs) / halfLifeMs), 0);
  return {
    record(key, weight, atMs) {
      events.push({ key, weight, atMs });
      keys.add(key);
    },
    weight: (key, nowMs) =>
      sum(
        nowMs,
        events.filter((event) => event.key === key),
      ),
    total: (nowMs) => sum(nowMs, events),
    keys,
  };
}
