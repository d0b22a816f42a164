import { describe, expect, test } from 'vitest';
import { type Taker, type WithRateLimitOptions, withRateLimit } from '../src/fetch.js';
import { allowed, burst, refused, scripted } from './http-fixtures.js';
import { serve } from './http-server.js';

const key = (request: Request) => request.headers.get('x-user') ?? 'nobody';
const items = new Request('https://api.example/items', { headers: { 'x-user': '42' } });

describe('9. One decision yields the whole answer, in web handlers', () => {
  test('a request that is allowed goes to the handler, with what the platform passed', async () => {
    const bucket = scripted(allowed());
    const seen: unknown[] = [];
    const handler = withRateLimit(
      bucket,
      { key },
      (...passed: [Request, { env: string }, number]) => {
        seen.push(...passed);
        return new Response('served', { status: 201, headers: { 'x-own': 'kept' } });
      },
    );
    const response = await handler(items, { env: 'test' }, 7);
    expect(seen).toEqual([items, { env: 'test' }, 7]);
    expect(response.status).toBe(201);
    expect(await response.text()).toBe('served');
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/plain;charset=UTF-8',
      'x-own': 'kept',
      'ratelimit-policy': '"burst";q=20;w=2',
      ratelimit: '"burst";r=0;t=1',
    });
    expect(bucket.takes).toEqual([['42', { cost: 1 }]]);
  });

  test('a request that is refused is answered with a problem, and the handler never runs', async () => {
    const handler = withRateLimit(scripted(refused()), { key }, () => {
      throw new Error('the handler ran');
    });
    const response = await handler(items);
    expect(response.status).toBe(429);
    expect(Object.fromEntries(response.headers)).toEqual({
      'ratelimit-policy': '"burst";q=20;w=2',
      ratelimit: '"burst";r=0;t=1',
      'retry-after': '1',
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    });
    expect(await response.json()).toMatchObject({ status: 429, 'violated-policies': ['burst'] });
  });

  test('status, cost and draft are options', async () => {
    const bucket = scripted(refused());
    const options = { key, status: 503, cost: 5, draft: 'proposed-12' } as const;
    const response = await withRateLimit(bucket, options, () => new Response())(items);
    expect(response.status).toBe(503);
    expect(response.headers.get('ratelimit')).toBe('"burst";a=0;w=1');
    expect(await response.text()).toMatch(/#temporary-reduced-capacity"/);
    expect(bucket.takes).toEqual([['42', { cost: 5 }]]);
  });

  test('the refusal of a HEAD request has no body', async () => {
    const handler = withRateLimit(scripted(refused()), { key }, () => new Response());
    const response = await handler(new Request(items, { method: 'HEAD' }));
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.body).toBeNull();
  });

  test('a response that fetch returned gets the fields, and keeps all of its own', async () => {
    const upstream = await serve((_request, response) => {
      response.writeHead(404, 'Nowhere', [
        ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
        ...['RateLimit', '"upstream";r=3;t=9'],
      ]);
      response.end('not here');
    });
    const proxy = withRateLimit(scripted(allowed()), { key }, () => fetch(upstream));
    const response = await proxy(items);
    expect([response.status, response.statusText]).toEqual([404, 'Nowhere']);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('ratelimit')).toBe('"upstream";r=3;t=9, "burst";r=0;t=1');
    expect(await response.text()).toBe('not here');
  });

  test('the immutable header fields of a redirect are no obstacle', async () => {
    const redirect = () => Response.redirect('https://api.example/other', 303);
    const response = await withRateLimit(scripted(allowed()), { key }, redirect)(items);
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      'https://api.example/other',
    ]);
    expect(response.headers.get('ratelimit')).toBe('"burst";r=0;t=1');
  });

  test('a response without a status of its own passes as it is', async () => {
    const failed = Response.error();
    expect(await withRateLimit(scripted(allowed()), { key }, () => failed)(items)).toBe(failed);
  });

  test('the fields of two limiters stand side by side', async () => {
    const all = scripted(allowed({ limits: [{ ...burst, name: 'all' }] }));
    const inner = withRateLimit(all, { key: () => 'all' }, () => new Response('served'));
    const response = await withRateLimit(scripted(allowed()), { key }, inner)(items);
    expect(response.headers.get('ratelimit')).toBe('"all";r=0;t=1, "burst";r=0;t=1');
  });

  test('what the store, the key function or the handler throws rejects', async () => {
    const broken = (what: string) => () => {
      throw new Error(what);
    };
    const served = () => new Response();
    const bucket = scripted(allowed());
    const rejected = [
      withRateLimit(scripted(new Error('store')), { key }, served)(items),
      withRateLimit(bucket, { key: broken('key') }, served)(items),
      withRateLimit(bucket, { key }, broken('handler'))(items),
    ].map((response) => response.catch((error) => error.message));
    expect(await Promise.all(rejected)).toEqual(['store', 'key', 'handler']);
  });
});

describe('9. The options of withRateLimit are checked at construction', () => {
  const handler = () => new Response();
  const wrong: [unknown, unknown, unknown, Error][] = [
    [
      {},
      { key },
      handler,
      new TypeError('withRateLimit: bucket.take must be a function, got undefined'),
    ],
    ['ok', {}, handler, new TypeError('withRateLimit: key must be a function, got undefined')],
    ['ok', { key }, {}, new TypeError('withRateLimit: handler must be a function, got an object')],
    [
      'ok',
      { key, status: '429' },
      handler,
      new RangeError('withRateLimit: status must be 429 or 503, got "429"'),
    ],
    [
      'ok',
      { key, draft: null },
      handler,
      new RangeError('withRateLimit: draft must be 11 or "proposed-12", got null'),
    ],
    [
      'ok',
      { key, cost: 0.5 },
      handler,
      new RangeError('withRateLimit: cost must be an integer of at least 0, got 0.5'),
    ],
  ];

  test.each(wrong)('%#: bucket %j, options %j, handler %j', (bucket, options, given, error) => {
    const taker = (bucket === 'ok' ? scripted(allowed()) : bucket) as Taker;
    expect(() =>
      withRateLimit(taker, options as WithRateLimitOptions, given as () => Response),
    ).toThrow(error);
  });
});
