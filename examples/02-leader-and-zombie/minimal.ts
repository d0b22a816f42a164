import { createManualClock } from '@gabion/clock/testing';
import {
  createFencedLock,
  createFenceGuard,
  memoryFenceStore,
  memoryLeaseStore,
} from '@gabion/fenced-lock';

// Two processes, one lock. Time is moved by hand, so that "paused for a minute" takes no minute.
const clock = createManualClock(Date.now());
const store = memoryLeaseStore({ clock });
const leader = createFencedLock({ store, clock, leaseMs: 10_000 });
const successor = createFencedLock({ store, clock, leaseMs: 10_000 });

// The ledger compares fences itself: the check lives with the write.
const guard = createFenceGuard(memoryFenceStore());
let balance = 100;
async function write(next: number, fence: number): Promise<void> {
  await guard.advance('ledger', fence);
  balance = next;
}

const lease = await leader.acquire('nightly-job');
const seen = balance;
console.log(`the leader has fence ${lease.fence}, reads ${seen}, and is paused`);
clock.advance(60_000);

const second = await successor.acquire('nightly-job');
await write(balance + 10, second.fence);
console.log(`its successor has a greater fence (${second.fence > lease.fence}), writes ${balance}`);

// The leader wakes up. Its clocks say that it has lost; a write on its way is refused all the same.
console.log(`the leader wakes up, with ${lease.remainingMs} ms left of its lease`);
await write(seen + 10, lease.fence).catch((error) => console.log(`its write: ${error.code}`));
console.log(`the balance is ${balance}`);
