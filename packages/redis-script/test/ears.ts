import { until } from '@gabion/testkit';
import { onTestFinished } from 'vitest';
import { type Listening, listen, type RedisSubscriber } from '../src/index.js';
import type { Opened } from './clients.js';

/** What was heard on a channel, in order; `missed` stands for a time of deafness. */
export interface Heard {
  readonly story: string[];
  readonly listening: Listening;
}

const missed = '(missed)';

/** Listens with a client, which every supported library's is, until the test ends. */
export function hear({ redis }: Opened, channel: string): Heard {
  const story: string[] = [];
  const listening = listen(redis as unknown as RedisSubscriber, channel, {
    heard: (message) => story.push(message),
    missed: () => story.push(missed),
  });
  onTestFinished(() => listening.close());
  return { story, listening };
}

/** Waits until so many times of deafness are over. */
export async function untilMissed({ story }: Heard, count = 1): Promise<void> {
  const times = () => story.filter((event) => event === missed).length;
  await until(() => times() >= count, { what: `the end of deafness number ${count}` });
}

/** The messages, without the times of deafness. */
export function messages({ story }: Heard): string[] {
  return story.filter((event) => event !== missed);
}
