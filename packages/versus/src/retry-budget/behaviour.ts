import { behaviourTable, judge, ownGate } from '../behaviour.js';
import type { Findings } from '../report.js';
import { callScenarios } from './call-scenarios.js';
import { httpScenarios, httpSubjects } from './http-scenarios.js';
import { subjects } from './subjects.js';

/** What holds and what fails where a call is retried. Our own column is gated. */
export async function judgeCalls(): Promise<Findings> {
  const judgement = await judge(callScenarios, subjects);
  const table = behaviourTable('Whoever retries a call', judgement, [
    'Each with a constant backoff. A deadline is `deadlineMs` of gabion, an aggressive timeout ' +
      'around the retry of cockatiel, `maxRetryTime` of the others.',
  ]);
  return { tables: [table], gates: [ownGate('scenarios of calls that gabion fails', judgement)] };
}

/** What holds and what fails where a request is. Our own column is gated. */
export async function judgeRequests(): Promise<Findings> {
  const judgement = await judge(httpScenarios, httpSubjects);
  const table = behaviourTable('Whoever retries a request', judgement, [
    'On real servers and in real time. undici with `throwOnError: false`, got with ' +
      '`throwHttpErrors: false`, so that either may give the last answer.',
  ]);
  const name = 'scenarios of requests that gabion fails';
  return { tables: [table], gates: [ownGate(name, judgement)] };
}
