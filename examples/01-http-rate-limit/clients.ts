import { setTimeout as sleep } from 'node:timers/promises';

/** What one request came to. */
export interface Answer {
  readonly client: string;
  /** `hung-up`: the client's patience was over first. */
  readonly outcome: 'page' | 'refused' | 'hung-up' | 'failed';
  /** When it was sent, in milliseconds from the start of the run. */
  readonly sentAtMs: number;
  /** How long it took, in milliseconds. */
  readonly tookMs: number;
  /** The Retry-After of a refusal, as it was sent. */
  readonly retryAfter: string | undefined;
  /** Whether the client had just waited for as long as it had been told. */
  readonly afterWait: boolean;
}

/** What all clients of one run have in common. */
export interface Surroundings {
  readonly url: string;
  /** Milliseconds since the start of the run. */
  now(): number;
  /** Hears of each answer. */
  heard(answer: Answer): void;
  /** Ends every client. */
  readonly signal: AbortSignal;
}

/** One client, and how long it waits for a page. */
export interface Client {
  readonly name: string;
  readonly patienceMs: number;
}

/** Nobody waits behind a server that fails at once, but neither does anybody hammer at it. */
const afterFailureMs = 100;

/** Asks for one page. Returns nothing when the run has ended meanwhile. */
async function ask(
  { name, patienceMs }: Client,
  { url, now, heard, signal }: Surroundings,
  afterWait = false,
): Promise<Answer | undefined> {
  const sentAtMs = now();
  let outcome: Answer['outcome'];
  let retryAfter: string | undefined;
  try {
    const headers = { 'x-api-key': name };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(patienceMs) });
    await response.arrayBuffer();
    retryAfter = response.headers.get('retry-after') ?? undefined;
    outcome = response.ok ? 'page' : response.status === 429 ? 'refused' : 'failed';
  } catch (error) {
    outcome = (error as Error).name === 'TimeoutError' ? 'hung-up' : 'failed';
  }
  if (signal.aborted) return undefined;
  const tookMs = now() - sentAtMs;
  const answer = { client: name, outcome, sentAtMs, tookMs, retryAfter, afterWait };
  heard(answer);
  return answer;
}

/** Asks for one page after the other. Told to wait, it waits: that is all it takes. */
export async function beObedient(client: Client, around: Surroundings) {
  let afterWait = false;
  for (;;) {
    const answer = await ask(client, around, afterWait);
    if (answer === undefined) return;
    afterWait = answer.outcome === 'refused';
    if (afterWait && !(await rest(Number(answer.retryAfter) * 1_000, around))) return;
    if (answer.outcome === 'failed' && !(await rest(afterFailureMs, around))) return;
  }
}

/** Asks for the next page at once, and soon again when refused, whatever it is told. */
export async function beGreedy(client: Client, retryMs: number, around: Surroundings) {
  for (;;) {
    const answer = await ask(client, around);
    if (answer === undefined) return;
    if (answer.outcome !== 'page' && !(await rest(retryMs, around))) return;
  }
}

/** Resolves to whether the run goes on. */
export async function rest(ms: number, { signal }: Pick<Surroundings, 'signal'>): Promise<boolean> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
