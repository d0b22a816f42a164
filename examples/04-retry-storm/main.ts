/** This stop of the tour alone. */
import { runTour } from '@gabion-examples/tour/tour';
import { stop } from './stop.js';

process.exitCode = await runTour([stop]);
