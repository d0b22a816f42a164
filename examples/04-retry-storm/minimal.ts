import { createRetrier, createRetryBudget, fullJitter, retryInfo } from '@gabion/retry-budget';

// Each success pays for a tenth of a retry, and ten retries are saved up. One for all calls.
const budget = createRetryBudget({ ratio: 0.1, reserve: 10 });
const retrier = createRetrier({ budget, backoff: fullJitter({ baseMs: 5, maxMs: 100 }) });

let isDown = true;
let attempts = 0;
async function service(): Promise<string> {
  attempts += 1;
  if (isDown) throw new Error('down');
  return 'fine';
}

// A loop with four attempts would make 4 000 of these thousand calls.
const errors: unknown[] = [];
const call = () => retrier.run(service).catch((error: unknown) => errors.push(error));
await Promise.all(Array.from({ length: 1_000 }, call));
console.log(`in an outage, ${errors.length} calls made ${attempts} attempts`);

// The error is the service's own, and it is known why there was no other attempt.
const [first] = errors;
console.log(`${first}; budget exhausted: ${retryInfo(first)?.budgetExhausted}`);

// The service is back, and its successes pay: after a hundred of them the reserve is full.
isDown = false;
for (let i = 0; i < 100; i += 1) await retrier.run(service);
console.log(`after 100 successes there are ${budget.balance} retries again`);
