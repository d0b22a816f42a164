/** A process that has nothing to do but to sleep: for how long, and whether that keeps it alive. */
import { systemClock } from '../src/index.js';

const [, , ms, keepsAlive] = process.argv;
systemClock.sleep(Number(ms), { keepsAlive: keepsAlive === 'true' }).then(() => {
  console.log('awake');
});
console.log('asleep');
