import { randomUUID } from 'node:crypto';
import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { describe, expect, test } from 'vitest';
import { clients, openReady } from './clients.js';
import { hear, messages, untilMissed } from './ears.js';

const own = ownRedis();

describe.each(clients)('listening on %s', (_, open) => {
  test('says after each lost connection that messages may have been missed, and hears again', async () => {
    const channel = randomUUID();
    const heard = hear(await openReady(open, own.proxy.url()), channel);
    await untilMissed(heard);
    for (const time of [2, 3]) {
      own.proxy.cut();
      await untilMissed(heard, time);
      await own.direct.publish(channel, `after cut ${time}`);
      await until(() => messages(heard).includes(`after cut ${time}`));
    }
    expect(messages(heard)).toEqual(['after cut 2', 'after cut 3']);
  });

  test('that begins while the server is away begins when it is back', async () => {
    const channel = randomUUID();
    const opened = await openReady(open, own.proxy.url());
    own.proxy.refuse();
    await until(() => opened.redis.status !== 'ready');
    const heard = hear(opened, channel);
    await own.direct.publish(channel, 'while nobody listens');
    expect(heard.story).toEqual([]);
    own.proxy.heal();
    await untilMissed(heard);
    await own.direct.publish(channel, 'when it is back');
    await until(() => messages(heard).length > 0);
    expect(messages(heard)).toEqual(['when it is back']);
  });

  test('survives a server that is killed and started again', async () => {
    const channel = randomUUID();
    const heard = hear(await openReady(open, own.server.url), channel);
    await untilMissed(heard);
    await own.server.kill();
    await own.server.restart();
    await untilMissed(heard, 2);
    await until(() => own.direct.publish(channel, 'to the new server'));
    await until(() => messages(heard).length > 0);
    expect(new Set(messages(heard))).toEqual(new Set(['to the new server']));
  });

  test('that is closed while the server is away stays closed, and keeps nobody waiting', async () => {
    const channel = randomUUID();
    const opened = await openReady(open, own.proxy.url());
    const heard = hear(opened, channel);
    await untilMissed(heard);
    const told = heard.story.length;
    own.proxy.refuse();
    await until(() => opened.redis.status !== 'ready');
    await heard.listening.close();
    own.proxy.heal();
    await until(() => opened.redis.status === 'ready');
    const next = hear(opened, randomUUID());
    await untilMissed(next);
    await own.direct.publish(channel, 'to nobody');
    expect(heard.story).toHaveLength(told);
  });
});
