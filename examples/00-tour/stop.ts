import type { Redis } from 'ioredis';

/** One pattern on the tour: its failure, then the same load with the pattern. */
export interface TourStop {
  /** The name by which it is asked for: that of its package. */
  readonly pattern: string;
  /** The failure, in a few words. */
  readonly title: string;
  /** What somebody has to know who never heard of the pattern, in a few plain paragraphs. */
  readonly story: readonly string[];
  /** Measures both, on the real code. Rejects with the signal's reason when that is aborted. */
  run(stage: Stage): Promise<Findings>;
}

/** What a stop is given. */
export interface Stage {
  /** The Redis of `REDIS_URL`, where there is one; without it, a stop runs in memory. */
  readonly redis: Redis | undefined;
  /** Begins every key and name that a stop leaves on a server, so that runs never meet. */
  readonly keyPrefix: string;
  /** Aborted when the tour is told to end: a stop then closes what it has opened. */
  readonly signal: AbortSignal;
  /** Shows that a part of the demonstration is under way for as long as `work` takes. */
  phase<T>(title: string, work: (tell: (progress: string) => void) => Promise<T>): Promise<T>;
}

/** What a stop measured. */
export interface Findings {
  /** What happened in the run without the pattern, in order. */
  readonly timeline: readonly Moment[];
  /** The failure and its cure as two lines. */
  readonly chart: Chart;
  /** What was counted in both runs; the first one goes into the table at the end. */
  readonly figures: readonly [Figure, ...Figure[]];
  /** What the pattern promises, and whether it was kept. */
  readonly promises: readonly Verdict[];
}

/** Something that happened. */
export interface Moment {
  /** Milliseconds since the start of the run. */
  readonly atMs: number;
  readonly what: string;
}

/** Two series over the same axis. */
export interface Chart {
  /** What the height is. */
  readonly title: string;
  /** What the width is. */
  readonly axis: string;
  /** Points from left to right. */
  readonly without: readonly Point[];
  readonly with: readonly Point[];
}

/** A point of a series: x, then y. */
export type Point = readonly [x: number, y: number];

/** One thing that was counted in both runs, as it is to be read. */
export interface Figure {
  readonly what: string;
  readonly without: string;
  readonly with: string;
}

/** One promise, and what came of it. */
export interface Verdict {
  /** The promise in a sentence. */
  readonly claim: string;
  readonly kept: boolean;
  /** What it was judged by. */
  readonly measured: string;
}
