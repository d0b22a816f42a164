import type fc from 'fast-check';

/** The way to a store and back, on which a scheduler decides what comes when. */
export interface Traffic {
  /** Resolves when a question arrives. */
  question(what: string): Promise<void>;
  /** Resolves when a reply comes. */
  reply(what: string): Promise<void>;
}

/** Replies travel past each other; so do questions, unless they are ordered. */
export function createTraffic(scheduler: fc.Scheduler, ordered: boolean): Traffic {
  const queue: (() => void)[] = [];
  const travel = async (what: string) => {
    await scheduler.schedule(Promise.resolve(), what);
  };
  return {
    reply: (what) => travel(`reply: ${what}`),
    question(what) {
      if (!ordered) return travel(`question: ${what}`);
      const arrived = new Promise<void>((resolve) => queue.push(resolve));
      travel('a question arrives').then(() => queue.shift()?.());
      return arrived;
    },
  };
}
