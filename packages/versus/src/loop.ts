/** What one candidate does over and over. */
export interface Work {
  /** The candidate. */
  readonly name: string;
  /** Does it once; the result is kept, so that nothing of it can be optimised away. */
  run(input: string): unknown;
  /** Whether the result is a promise, to be awaited before the next one. */
  readonly awaited: boolean;
  /** Whether the last result is what the benchmark is about, say a refusal. */
  expects(result: unknown): boolean;
}

/** What it is done on: one input, or many in the order of a list whose length is a power of two. */
export type Inputs = string | { readonly all: readonly string[]; readonly order: Uint32Array };

/** A compiled loop over one candidate. */
export interface Loop {
  /** The candidate. */
  readonly name: string;
  /** Runs it so many times and returns how long that took, in milliseconds. */
  time(times: number): Promise<number>;
}

let compiled = 0;

/**
 * Compiles a loop for one candidate alone. In a loop that all share, the call would see as many
 * targets as there are candidates, and V8 would inline none of them. The number in the text keeps
 * V8's cache of compiled texts from handing out the same loop again.
 */
export function compileLoop({ name, run, awaited, expects }: Work, inputs: Inputs): Loop {
  const next = typeof inputs === 'string' ? 'inputs' : 'all[order[(at = (at + 1) & mask)]]';
  const step = awaited
    ? `try { sink.last = await run(${next}); } catch (thrown) { sink.last = thrown; }`
    : `sink.last = run(${next});`;
  compiled += 1;
  const text = `/* ${compiled} */
    const { all, order } = inputs;
    const mask = order === undefined ? 0 : order.length - 1;
    let at = -1;
    return ${awaited ? 'async ' : ''}function loop(times) {
      for (let i = 0; i < times; i += 1) { ${step} }
    };`;
  const sink: { last: unknown } = { last: undefined };
  const loop: (times: number) => unknown = new Function('run', 'inputs', 'sink', text)(
    run,
    inputs,
    sink,
  );
  return {
    name,
    async time(times) {
      const beganAt = performance.now();
      const ended = loop(times);
      if (awaited) await ended;
      const tookMs = performance.now() - beganAt;
      if (!expects(sink.last)) throw new Error(`${name} answered ${JSON.stringify(sink.last)}`);
      return tookMs;
    },
  };
}

/** Warms a loop up and returns how many times it runs in `sampleMs`. */
export async function calibrate(loop: Loop, sampleMs: number): Promise<number> {
  for (let times = 256; ; times *= 2) {
    const tookMs = await loop.time(times);
    if (tookMs >= sampleMs / 2) return Math.ceil((times * sampleMs) / tookMs);
  }
}
