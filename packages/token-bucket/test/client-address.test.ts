import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClientAddressOptions, clientAddress } from '../src/web/client-address.js';

/** The key of a request from `peer` that carries the given X-Forwarded-For. */
function key(peer: string | undefined, forwardedFor?: string, options?: ClientAddressOptions) {
  return clientAddress(options)({
    headers: { 'x-forwarded-for': forwardedFor },
    socket: { remoteAddress: peer },
  });
}

describe('9. The default key is the client address', () => {
  test('an IPv4 address is a key as it is, and also when it is mapped into IPv6', () => {
    expect(key('203.0.113.7')).toBe('203.0.113.7');
    expect(key('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(key('::ffff:cb00:7107')).toBe('203.0.113.7');
  });

  test('IPv6 addresses of one /56 have one key, and their neighbours another', () => {
    expect(key('2001:db8:1:200::1')).toBe('2001:db8:1:200::/56');
    expect(key('2001:0DB8:0001:02ff:ffff:ffff:ffff:ffff')).toBe('2001:db8:1:200::/56');
    expect(key('2001:db8:1:300::1')).toBe('2001:db8:1:300::/56');
    expect(key('2001:db8:1:1ff::1')).toBe('2001:db8:1:100::/56');
    expect(key('::1')).toBe('::/56');
    expect(key('fe80::1%eth0')).toBe('fe80::/56');
  });

  test('the length of the prefix is an option', () => {
    const address = '2001:db8:1:2ab:3:4:5:6';
    const keys = [1, 48, 60, 64, 127, 128].map((ipv6PrefixBits) =>
      key(address, undefined, { ipv6PrefixBits }),
    );
    expect(keys).toEqual([
      '::/1',
      '2001:db8:1::/48',
      '2001:db8:1:2a0::/60',
      '2001:db8:1:2ab::/64',
      '2001:db8:1:2ab:3:4:5:6/127',
      '2001:db8:1:2ab:3:4:5:6/128',
    ]);
  });

  test('two IPv6 addresses share a key just when they share the prefix', () => {
    const word = fc.integer({ min: 0, max: 0xffff });
    const words = fc.array(word, { minLength: 8, maxLength: 8 });
    const text = (parts: number[]) => parts.map((part) => part.toString(16)).join(':');
    const bits = (parts: number[]) =>
      parts.map((part) => part.toString(2).padStart(16, '0')).join('');
    fc.assert(
      fc.property(
        words,
        fc.nat(127),
        fc.integer({ min: 1, max: 128 }),
        (parts, flipped, length) => {
          // Not a mapped IPv4 address, which is no IPv6 address to us.
          fc.pre(parts.slice(0, 5).some((part) => part !== 0));
          const other = parts.map((part, index) =>
            index === flipped >> 4 ? part ^ (0x8000 >> (flipped & 15)) : part,
          );
          fc.pre(other.slice(0, 5).some((part) => part !== 0));
          const options = { ipv6PrefixBits: length };
          const same =
            key(text(parts), undefined, options) === key(text(other), undefined, options);
          expect(same).toBe(bits(parts).slice(0, length) === bits(other).slice(0, length));
        },
      ),
    );
  });

  test('a forwarding header is not read by default', () => {
    expect(key('203.0.113.7', '198.51.100.1')).toBe('203.0.113.7');
    expect(key('203.0.113.7', '198.51.100.1', { trustedProxies: 0 })).toBe('203.0.113.7');
  });

  test('behind n proxies the client is the n-th address from the right', () => {
    const header = '198.51.100.66, 203.0.113.7, 192.0.2.2,192.0.2.1';
    const keys = [1, 2, 3].map((trustedProxies) => key('10.0.0.1', header, { trustedProxies }));
    expect(keys).toEqual(['192.0.2.1', '192.0.2.2', '203.0.113.7']);
  });

  test('whatever a client writes, its key stays what the outermost proxy saw', () => {
    const anything = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(fc.array(anything), fc.integer({ min: 1, max: 4 }), (written, proxies) => {
        const seen = [
          '203.0.113.7',
          ...Array.from({ length: proxies - 1 }, (_, n) => `10.0.0.${n}`),
        ];
        const header = [...written, ...seen].join(', ');
        expect(key('10.0.0.9', header, { trustedProxies: proxies })).toBe('203.0.113.7');
      }),
    );
  });

  test('a header with fewer addresses than proxies is not believed', () => {
    expect(key('10.0.0.1', undefined, { trustedProxies: 1 })).toBe('10.0.0.1');
    expect(key('10.0.0.1', '', { trustedProxies: 1 })).toBe('10.0.0.1');
    expect(key('10.0.0.1', '198.51.100.1, 198.51.100.2', { trustedProxies: 3 })).toBe('10.0.0.1');
  });

  test('something else in the place of the address is not believed', () => {
    const malformed = ['unknown', '_hidden', '203.0.113', '1', '0x7f.1', '010.0.0.1', '256.1.1.1'];
    malformed.push('', '2001:db8::1::2', '[]', '[203.0.113.7', 'a'.repeat(10_000), '١.١.١.١');
    for (const text of malformed) {
      expect(key('10.0.0.1', `198.51.100.1, ${text}`, { trustedProxies: 1 })).toBe('10.0.0.1');
    }
  });

  test('a port that a proxy wrote is dropped', () => {
    const one = { trustedProxies: 1 };
    expect(key('10.0.0.1', '203.0.113.7:4711', one)).toBe('203.0.113.7');
    expect(key('10.0.0.1', '[2001:db8:1:2ab::1]:4711', one)).toBe('2001:db8:1:200::/56');
    expect(key('10.0.0.1', '[2001:db8:1:2ab::1]', one)).toBe('2001:db8:1:200::/56');
  });

  test('several header fields are one list', () => {
    const request = {
      headers: { 'x-forwarded-for': ['198.51.100.1, 203.0.113.7', '192.0.2.1'] },
      socket: { remoteAddress: '10.0.0.1' },
    };
    expect(clientAddress({ trustedProxies: 2 })(request)).toBe('203.0.113.7');
  });

  test('all clients without an address share one key, unless a proxy names them', () => {
    expect(key(undefined)).toBe('unknown');
    expect(key('')).toBe('unknown');
    expect(key(undefined, '203.0.113.7', { trustedProxies: 1 })).toBe('203.0.113.7');
  });

  test('an option out of its range is refused, and named', () => {
    const wrong = [
      [
        { trustedProxies: -1 },
        RangeError,
        'trustedProxies must be an integer of at least 0, got -1',
      ],
      [
        { trustedProxies: 1.5 },
        RangeError,
        'trustedProxies must be an integer of at least 0, got 1.5',
      ],
      [
        { trustedProxies: '1' },
        TypeError,
        'trustedProxies must be an integer of at least 0, got "1"',
      ],
      [{ ipv6PrefixBits: 0 }, RangeError, 'ipv6PrefixBits must be an integer from 1 to 128, got 0'],
      [
        { ipv6PrefixBits: 129 },
        RangeError,
        'ipv6PrefixBits must be an integer from 1 to 128, got 129',
      ],
    ] as const;
    for (const [options, Kind, message] of wrong) {
      const create = () => clientAddress(options as ClientAddressOptions);
      expect(create).toThrow(new Kind(`clientAddress: ${message}`));
    }
  });
});
