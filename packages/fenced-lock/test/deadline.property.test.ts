import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lease } from '../src/index.js';
import { createWorld, heldForMs, leaseMs, pass, turn } from './lock-fixtures.js';
import type { Call } from './wire.js';

const someMs = fc.integer({ min: 1, max: 40 }).map((steps) => steps * 100);

/** What may befall a holder whose renewals travel for as long as they like, or get lost. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('time passes' as const), ms: someMs }),
  fc.record({ kind: fc.constant('loop is blocked' as const), ms: someMs }),
  fc.record({ kind: fc.constant('renew by hand' as const) }),
  fc.record({
    kind: fc.constantFrom('arrives', 'is answered', 'reply is lost', 'is refused'),
    which: fc.nat({ max: 3 }),
  }),
);
const anySteps = fc.array(step, { minLength: 5, maxLength: 40 });

type World = ReturnType<typeof createWorld>;
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** When each renewal was sent. */
function sentAt({ wire }: World, call: Call): number {
  const text = wire.story[wire.calls.indexOf(call)] ?? '';
  return Number.parseFloat(text);
}

/** Lets one thing happen; returns when the renewal was sent whose answer came, if one did. */
async function play(world: World, lease: Lease, one: Step): Promise<number | undefined> {
  const { clock, wire } = world;
  if (one.kind === 'time passes') await pass(clock, one.ms, 100);
  else if (one.kind === 'loop is blocked') clock.advance(one.ms);
  else if (one.kind === 'renew by hand') lease.renew().catch(() => {});
  else {
    const renewals = wire.calls.filter(({ verb }) => verb === 'renew');
    const call = renewals.at(-1 - one.which);
    if (call === undefined) return undefined;
    if (one.kind === 'arrives') await call.arrive();
    else if (one.kind === 'reply is lost') call.fail('unknown');
    else if (one.kind === 'is refused') call.fail('none');
    else {
      await call.answer();
      return sentAt(world, call);
    }
  }
  return undefined;
}

/** A holder that renews, on a wire where everything waits for the test. */
async function begin() {
  const world = createWorld();
  const lease = await world.lock.acquire('ledger', { autoRenew: true });
  world.wire.hold();
  return { world, lease, signal: lease.signal };
}

describe('2. Loss is noticed without the network, on any history of renewals', () => {
  test('the signal aborts no later than leaseMs after the last request that was granted', async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, async (steps) => {
        const { world, lease, signal } = await begin();
        const begunAt = world.clock.now();
        let grantedAt = 0;
        for (const one of steps) {
          const answered = await play(world, lease, one);
          if (answered !== undefined && !signal.aborted) grantedAt = Math.max(grantedAt, answered);
          await turn();
          const elapsedMs = world.clock.now() - begunAt - grantedAt;
          if (elapsedMs >= heldForMs) expect(signal.aborted).toBe(true);
        }
      }),
    );
  });

  test('while the holder believes that it holds the lock, the store keeps it', async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, async (steps) => {
        const { world, lease } = await begin();
        for (const one of steps) {
          await play(world, lease, one);
          if (lease.remainingMs === 0) continue;
          const spy = { key: 'ledger', owner: 'spy', holdMs: 1 };
          const seen = await world.memory.acquire(spy);
          expect(seen.status).toBe('held');
          expect(lease.remainingMs).toBeLessThan((seen as { heldMs: number }).heldMs);
        }
      }),
    );
  });

  test('what is lost stays lost, is told once, and is not asked of the store again', async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, async (steps) => {
        const { world, lease, signal } = await begin();
        for (const one of steps) {
          const wasLost = signal.aborted;
          const before = world.wire.calls.length;
          await play(world, lease, one);
          await turn();
          if (!wasLost) continue;
          expect(lease.remainingMs).toBe(0);
          expect(world.wire.calls).toHaveLength(before);
          const losses = world.witness.story.filter((event) => event.includes('lost'));
          expect(losses).toHaveLength(1);
        }
      }),
      { examples: [[[{ kind: 'time passes', ms: leaseMs }, { kind: 'renew by hand' }]]] },
    );
  });
});
