import { systemClock } from '@gabion/clock';
import { createTokenBucket } from '@gabion/token-bucket';

// Each key has a bucket: it holds 5 tokens, and one comes back every half second.
const bucket = createTokenBucket({ capacity: 5, refill: { tokens: 2, everyMs: 1_000 } });

// A burst is fine as long as there are tokens. A refusal is an answer, not an error.
let answer = await bucket.take('user:42');
while (answer.allowed) {
  console.log(`allowed, ${answer.remaining} left`);
  answer = await bucket.take('user:42');
}

// It says how long to wait: a millisecond less is not enough, and no more is needed. Node's own
// timers may fire a millisecond early; this clock's do not.
const waitMs = answer.retryAfterMs ?? 0;
console.log(`refused, try again in ${waitMs} ms`);
await systemClock.sleep(waitMs);

answer = await bucket.take('user:42');
console.log(answer.allowed ? `allowed after ${waitMs} ms` : 'refused again');
