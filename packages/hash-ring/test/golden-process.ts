import { goldenAnswers } from './golden-answers.js';

/** Another process: it says what it answers, with the members in the order that it is told. */
process.stdout.write(JSON.stringify(goldenAnswers(process.argv[2] === 'turned')));
