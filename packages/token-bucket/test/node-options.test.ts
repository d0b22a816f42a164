import { describe, expect, test } from 'vitest';
import { type RateLimitOptions, rateLimit, type Taker } from '../src/node.js';
import { allowed, scripted } from './http-fixtures.js';

describe('9. The options of rateLimit are checked at construction', () => {
  const wrong: [unknown, unknown, Error][] = [
    [undefined, {}, new TypeError('rateLimit: bucket.take must be a function, got undefined')],
    [{}, {}, new TypeError('rateLimit: bucket.take must be a function, got undefined')],
    ['ok', { status: 418 }, new RangeError('rateLimit: status must be 429 or 503, got 418')],
    ['ok', { draft: 8 }, new RangeError('rateLimit: draft must be 11 or "proposed-12", got 8')],
    [
      'ok',
      { cost: -1 },
      new RangeError('rateLimit: cost must be an integer of at least 0, got -1'),
    ],
    [
      'ok',
      { cost: '1' },
      new TypeError('rateLimit: cost must be an integer of at least 0, got "1"'),
    ],
    ['ok', { key: 'user' }, new TypeError('rateLimit: key must be a function, got "user"')],
    [
      'ok',
      { trustedProxies: true },
      new TypeError('rateLimit: trustedProxies must be an integer of at least 0, got true'),
    ],
    [
      'ok',
      { ipv6PrefixBits: 0 },
      new RangeError('rateLimit: ipv6PrefixBits must be an integer from 1 to 128, got 0'),
    ],
    [
      'ok',
      { key: () => 'all', trustedProxies: 1 },
      new TypeError('rateLimit: trustedProxies belongs to the default key, got 1 beside a key'),
    ],
    [
      'ok',
      { key: () => 'all', ipv6PrefixBits: 64 },
      new TypeError('rateLimit: ipv6PrefixBits belongs to the default key, got 64 beside a key'),
    ],
  ];

  test.each(wrong)('%#: bucket %j, options %j', (bucket, options, error) => {
    const given = bucket === 'ok' ? scripted(allowed()) : bucket;
    expect(() => rateLimit(given as Taker, options as RateLimitOptions)).toThrow(error);
  });
});
