import { randomUUID } from 'node:crypto';
import { redisForTests, until } from '@gabion/testkit';
import { createClient, createClientPool } from 'redis';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { fromNodeRedis, listen, type RedisSubscriber } from '../src/index.js';
import { clients, openReady } from './clients.js';
import { hear, messages, untilMissed } from './ears.js';

const url = inject('redisUrl');
let shared: ReturnType<typeof redisForTests>;

beforeAll(() => {
  shared = redisForTests(url);
});
afterAll(() => shared.cleanup());

/** A channel that nobody else listens to. */
function newChannel(): string {
  return `${shared.prefix}:${randomUUID()}`;
}

async function listenersOf(channel: string): Promise<number> {
  return Number((await shared.redis.pubsub('NUMSUB', channel))[1]);
}

describe.each(clients)('listening on %s', (_, open) => {
  test('begins with a time of deafness, after which every message is heard in order', async () => {
    const channel = newChannel();
    const heard = hear(await openReady(open, url), channel);
    await untilMissed(heard);
    const sent = ['one', 'é{🔥} \r\n', 'one', ''];
    for (const message of sent) await shared.redis.publish(channel, message);
    await until(() => heard.story.length > sent.length);
    expect(heard.story).toEqual(['(missed)', ...sent]);
  });

  test('hears nothing of other channels, though its connection does', async () => {
    const opened = await openReady(open, url);
    const [own, other] = [newChannel(), newChannel()];
    const [first, second] = [hear(opened, own), hear(opened, other)];
    await Promise.all([untilMissed(first), untilMissed(second)]);
    await shared.redis.publish(other, 'to the other');
    await shared.redis.publish(own, 'to the first');
    await until(() => messages(first).length > 0);
    expect(messages(first)).toEqual(['to the first']);
    expect(messages(second)).toEqual(['to the other']);
    await first.listening.close();
    await until(async () => (await listenersOf(own)) === 0);
    await shared.redis.publish(other, 'still heard');
    await until(() => messages(second).length === 2);
  });

  test('that is closed hears nothing more, and leaves no listener and no subscription', async () => {
    const opened = await openReady(open, url);
    const counts = () => ['message', 'ready'].map((name) => opened.emitter.listenerCount(name));
    const before = counts();
    const channel = newChannel();
    const heard = hear(opened, channel);
    await untilMissed(heard);
    expect(await listenersOf(channel)).toBe(1);
    await heard.listening.close();
    await heard.listening.close();
    expect(counts()).toEqual(before);
    await until(async () => (await listenersOf(channel)) === 0);
    await shared.redis.publish(channel, 'too late');
    const again = hear(opened, channel);
    await untilMissed(again);
    await shared.redis.publish(channel, 'to the new ears');
    await until(() => messages(again).length > 0);
    expect([messages(heard), messages(again)]).toEqual([[], ['to the new ears']]);
  });

  test('that is closed at once tells nothing, not even that it missed something', async () => {
    const opened = await openReady(open, url);
    const heard = hear(opened, newChannel());
    await heard.listening.close();
    // What the connection is asked next is answered after the subscription was.
    const next = hear(opened, newChannel());
    await untilMissed(next);
    expect(heard.story).toEqual([]);
  });
});

describe('fromNodeRedis', () => {
  test('of what cannot subscribe hears nothing, and is no error to whoever listens', async () => {
    const pool = createClientPool({ url });
    await pool.connect();
    onTestFinished(() => pool.destroy());
    const subscriber: RedisSubscriber = fromNodeRedis(pool);
    await expect(subscriber.subscribe('any')).rejects.toThrow('this client cannot subscribe');
    const story: string[] = [];
    const ears = { heard: () => story.push('heard'), missed: () => story.push('missed') };
    const listening = listen(subscriber, 'any', ears);
    await new Promise((turned) => setImmediate(turned));
    await listening.close();
    expect(story).toEqual([]);
  });

  test('hands each message to each listener once, however often the channel is subscribed to', async () => {
    const client = createClient({ url });
    await client.connect();
    onTestFinished(() => client.destroy());
    const subscriber = fromNodeRedis(client);
    const channel = newChannel();
    const story: string[] = [];
    const [first, second] = ['first', 'second'].map(
      (name) => (from: string, message: string) =>
        story.push(`${name} ${from === channel} ${message}`),
    );
    subscriber.on('message', first as never);
    subscriber.on('message', second as never);
    await subscriber.subscribe(channel);
    await subscriber.subscribe(channel);
    await shared.redis.publish(channel, '1');
    await until(() => story.length >= 2);
    subscriber.off('message', first as never);
    await shared.redis.publish(channel, '2');
    await until(() => story.length >= 3);
    await subscriber.unsubscribe(channel);
    await subscriber.unsubscribe(channel);
    expect(await listenersOf(channel)).toBe(0);
    expect(story).toEqual(['first true 1', 'second true 1', 'second true 2']);
  });
});
