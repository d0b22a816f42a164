import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCallContext } from '../src/index.js';

/** A call: its value, how often it waits before it looks, and its calls side by side. */
interface Tree {
  readonly value: number;
  readonly waits: number;
  readonly inner: readonly Tree[];
}

const value = fc.integer();
const waits = fc.nat({ max: 3 });
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ value, waits, inner: fc.constant([]) }),
    fc.record({ value, waits, inner: fc.array(tie('tree'), { maxLength: 3 }) }),
  ),
}));

describe('a context', () => {
  test('each call of any tree sees its own value, before and after its inner calls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { maxLength: 4 }), fc.scheduler(), async (trees, s) => {
        const context = createCallContext<number>();
        const play = ({ value, waits, inner }: Tree): Promise<void> =>
          context.run(value, async () => {
            for (let i = 0; i < waits; i += 1) await s.schedule(Promise.resolve());
            expect(context.current()).toBe(value);
            await Promise.all(inner.map(play));
            expect(context.current()).toBe(value);
          });
        const all = Promise.all(trees.map(play));
        await s.waitFor(all);
        expect(context.current()).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});
