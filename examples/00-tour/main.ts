/** `npm start`: the whole tour. `npm start -- token-bucket`: one pattern. */
import { choose } from './choose.js';
import { stops } from './stops.js';
import { runTour } from './tour.js';

const choice = choose(process.argv.slice(2), stops);
if (choice.stops === undefined) {
  (choice.exitCode === 0 ? console.log : console.error)(choice.message);
  process.exitCode = choice.exitCode;
} else {
  process.exitCode = await runTour(choice.stops);
}
