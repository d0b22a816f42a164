import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import { type OpenRedis, openRedis } from './redis.js';
import { opening, report } from './report.js';
import { createScreen, type Screen } from './screen.js';
import type { Stage, TourStop } from './stop.js';
import { exitCodeOf, type Outcome, summary } from './summary.js';

/** Runs stops on this process's output and signals. Resolves to the exit code. */
export async function runTour(stops: readonly TourStop[]): Promise<number> {
  const screen = createScreen(process.stdout);
  const end = new AbortController();
  let endedBy: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    endedBy = signal;
    end.abort(new Error(`ended by ${signal}`));
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  let open: OpenRedis | undefined;
  try {
    open = await openRedis(process.env['REDIS_URL']);
    screen.write(heading(open?.place));
    const code = await guide(stops, { screen, redis: open?.redis, signal: end.signal });
    return endedBy === undefined ? code : 128 + constants.signals[endedBy];
  } catch (error) {
    screen.write(explain(error));
    return 1;
  } finally {
    open?.close();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function heading(place: string | undefined): string {
  return [
    'Each failure first, then the same load with the pattern, measured live.',
    place === undefined ? 'In memory; with REDIS_URL set, on Redis.' : `On the Redis at ${place}.`,
    '',
  ].join('\n');
}

/** Shows one stop after the other, and the table. Resolves to the exit code. */
export async function guide(
  stops: readonly TourStop[],
  { screen, redis, signal }: Pick<Stage, 'redis' | 'signal'> & { readonly screen: Screen },
): Promise<number> {
  const { paper, write, phase } = screen;
  const keyPrefix = `gabion-tour-${randomBytes(4).toString('hex')}`;
  const outcomes: Outcome[] = [];
  for (const stop of stops) {
    const startedAtMs = performance.now();
    const tookMs = () => performance.now() - startedAtMs;
    write(opening(stop, paper));
    try {
      const findings = await stop.run({ redis, keyPrefix, signal, phase });
      outcomes.push({ stop, findings, tookMs: tookMs() });
      write(`\n${report(findings, paper)}`);
    } catch (error) {
      if (signal.aborted) break;
      outcomes.push({ stop, error, tookMs: tookMs() });
      write(`\n  ✘ ${stop.pattern} could not be run. ${explain(error)}\n`);
    }
  }
  if (signal.aborted) {
    write(`\nThe tour was ${(signal.reason as Error).message}; everything is closed.`);
    return 1;
  }
  write(summary(outcomes, paper));
  return exitCodeOf(outcomes);
}

/** An error and its causes, each in a line. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? error.message
    : `${error.message}\n  because: ${explain(error.cause)}`;
}
