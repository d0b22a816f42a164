/** This stop of the tour alone; with REDIS_URL set, the leases are on Redis. */
import { runTour } from '@gabion-examples/tour/tour';
import { stop } from './stop.js';

process.exitCode = await runTour([stop]);
