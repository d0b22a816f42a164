import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import http2 from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { parseList } from 'structured-headers';
import { describe, expect, test } from 'vitest';
import { type RateLimitOptions, rateLimit, type Taker } from '../src/node.js';
import { allowed, burst, gated, refused, scripted } from './http-fixtures.js';
import { serve } from './http-server.js';

/** A plain server that says `served`, or the error's message with status 500, behind a limiter. */
function limited(bucket: Taker, options?: RateLimitOptions): Promise<string> {
  const limiter = rateLimit(bucket, options);
  return serve((req, res) => {
    limiter(req, res, (error) => {
      if (error !== undefined) res.statusCode = 500;
      res.end(error instanceof Error ? error.message : 'served');
    });
  });
}

describe('9. One decision yields the whole answer, in node:http', () => {
  test('a request that is allowed is served, and told how things stand', async () => {
    const bucket = scripted(allowed());
    const response = await fetch(await limited(bucket));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('served');
    expect(response.headers.get('ratelimit-policy')).toBe('"burst";q=20;w=2');
    expect(response.headers.get('ratelimit')).toBe('"burst";r=0;t=1');
    expect(response.headers.get('retry-after')).toBeNull();
    expect(response.headers.get('cache-control')).toBeNull();
    expect(bucket.takes).toEqual([['127.0.0.1', { cost: 1 }]]);
  });

  test('a request that is refused is answered with a problem, and goes no further', async () => {
    const history: unknown[] = [];
    const limiter = rateLimit(scripted(refused()));
    const url = await serve((req, res) => limiter(req, res, (error) => history.push(error)));
    const response = await fetch(url);
    expect(response.status).toBe(429);
    expect(history).toEqual([]);
    expect(response.headers.get('ratelimit-policy')).toBe('"burst";q=20;w=2');
    expect(response.headers.get('ratelimit')).toBe('"burst";r=0;t=1');
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      title: 'Quota Exceeded',
      status: 429,
      detail: 'Try again in 1 s.',
      'violated-policies': ['burst'],
    });
  });

  test('the refusal of a HEAD request has the header fields and no body', async () => {
    const url = await limited(scripted(refused()));
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.end('HEAD / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n');
    const [head = '', body] = (await socket.setEncoding('utf8').toArray())
      .join('')
      .split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1.1 429 Too Many Requests\r\n/);
    expect(head).toMatch(/\r\nRetry-After: 1\r\n/);
    expect(body).toBe('');
  });

  test('status, cost, key and draft are options', async () => {
    const bucket = scripted(refused());
    const key = (req: IncomingMessage) => `user:${req.headers['x-user']}`;
    const url = await limited(bucket, { status: 503, cost: 5, key, draft: 'proposed-12' });
    const response = await fetch(url, { headers: { 'x-user': '42' } });
    expect(response.status).toBe(503);
    expect(response.headers.get('ratelimit')).toBe('"burst";a=0;w=1');
    expect(await response.text()).toMatch(/#temporary-reduced-capacity"/);
    expect(bucket.takes).toEqual([['user:42', { cost: 5 }]]);
  });

  test('a key may name each limit', async () => {
    const bucket = scripted(allowed());
    const key = () => ({ minute: 'key-7', daily: 'tenant-1' });
    await fetch(await limited(bucket, { key }));
    expect(bucket.takes).toEqual([[{ minute: 'key-7', daily: 'tenant-1' }, { cost: 1 }]]);
  });

  test('a forwarded address is ignored by default, and counted from the right when told', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.66, 2001:db8:1:2ab::1, 192.0.2.1' };
    const asked = async (options?: RateLimitOptions) => {
      const bucket = scripted(allowed());
      await fetch(await limited(bucket, options), { headers });
      return bucket.takes[0]?.[0];
    };
    expect(await asked()).toBe('127.0.0.1');
    expect(await asked({ trustedProxies: 1 })).toBe('192.0.2.1');
    expect(await asked({ trustedProxies: 2 })).toBe('2001:db8:1:200::/56');
    expect(await asked({ trustedProxies: 2, ipv6PrefixBits: 64 })).toBe('2001:db8:1:2ab::/64');
    expect(await asked({ trustedProxies: 4 })).toBe('127.0.0.1');
  });

  test('the fields of two limiters stand side by side', async () => {
    const perUser = rateLimit(scripted(allowed()));
    const forAll = rateLimit(scripted(refused({ limits: [{ ...burst, name: 'all' }] })));
    const url = await serve((req, res) => perUser(req, res, () => forAll(req, res, () => {})));
    const { headers } = await fetch(url);
    const names = parseList(headers.get('ratelimit') ?? '').map(([name]) => name);
    expect(names).toEqual(['burst', 'all']);
    expect(parseList(headers.get('ratelimit-policy') ?? '')).toHaveLength(2);
    expect(headers.get('retry-after')).toBe('1');
  });

  test('what the store throws goes to next, and nothing is set', async () => {
    const response = await fetch(await limited(scripted(new Error('the store is gone'))));
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('the store is gone');
    expect(response.headers.get('ratelimit-policy')).toBeNull();
  });

  test('what the key function throws goes to next, never to the caller', async () => {
    const key = () => {
      throw new Error('no user');
    };
    const response = await fetch(await limited(scripted(allowed()), { key }));
    expect(await response.text()).toBe('no user');
  });

  test('what next throws is not handed to next again', async () => {
    const history: unknown[] = [];
    const limiter = rateLimit(scripted(allowed()));
    const unhandled = new Promise((resolve) => {
      const before = process.listeners('unhandledRejection');
      process.removeAllListeners('unhandledRejection').once('unhandledRejection', (reason) => {
        for (const listener of before) process.on('unhandledRejection', listener);
        resolve(reason);
      });
    });
    const url = await serve((req, res) =>
      limiter(req, res, (error) => {
        history.push(['next', error]);
        res.end();
        throw new Error('a mistake of the handler');
      }),
    );
    await fetch(url);
    expect(await unhandled).toEqual(new Error('a mistake of the handler'));
    expect(history).toEqual([['next', undefined]]);
  });

  test.each([allowed(), refused()])(
    'a client that hung up while it waited is neither answered nor served: $allowed',
    async (result) => {
      const history: string[] = [];
      const bucket = gated(result);
      const limiter = rateLimit(bucket);
      const url = await serve((req, res) => {
        res.once('close', () => history.push('hung up'));
        res.once('finish', () => history.push('answered'));
        limiter(req, res, () => history.push('served'));
        const end = res.end.bind(res);
        res.end = (...rest: unknown[]) => {
          history.push('ended');
          return (end as (...rest: unknown[]) => ServerResponse)(...rest);
        };
      });
      const client = request(url).end();
      await bucket.asked;
      const left = once(client, 'error');
      client.destroy();
      await left;
      await expect.poll(() => history).toEqual(['hung up']);
      bucket.open();
      await new Promise((resolve) => setImmediate(resolve));
      expect(history).toEqual(['hung up']);
    },
  );

  test('a request that was answered while it waited is let be', async () => {
    const history: unknown[] = [];
    const bucket = gated(refused());
    const limiter = rateLimit(bucket);
    const url = await serve(async (req, res) => {
      limiter(req, res, (error) => history.push(['next', error]));
      res.write('timed ');
      await bucket.asked;
      bucket.open();
      setImmediate(() => res.end('out'));
    });
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([200, 'timed out']);
    expect(history).toEqual([]);
  });

  test('over HTTP/2 the answers are the same, and a HEAD has no body there either', async () => {
    const limiter = rateLimit(scripted(refused(), refused(), allowed()));
    const server = http2.createServer((req, res) => {
      const passed = [req, res] as unknown as [IncomingMessage, ServerResponse];
      res.stream.on('error', (error) => history.push(error));
      limiter(...passed, () => res.end('served'));
    });
    const history: unknown[] = [];
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (const method of ['HEAD', 'GET', 'GET']) {
      const stream = client.request({ ':method': method }).setEncoding('utf8');
      const [fields] = await once(stream, 'response');
      const body = (await stream.toArray()).join('').slice(0, 7);
      history.push([fields[':status'], fields['ratelimit'], body]);
    }
    client.close();
    server.close();
    expect(history).toEqual([
      [429, '"burst";r=0;t=1', ''],
      [429, '"burst";r=0;t=1', '{"type"'],
      [200, '"burst";r=0;t=1', 'served'],
    ]);
  });
});
