import { requireInteger } from '@gabion/contract';
import ipaddr from 'ipaddr.js';
import { httpDefaults } from './http-options.js';

/** Where the client's address is found, and how IPv6 addresses are grouped. */
export interface ClientAddressOptions {
  /**
   * How many proxies of yours every request has come through, the socket's peer being the
   * first. 0: X-Forwarded-For is not read. With n, the client is the n-th address from its right
   * end, the one that your outermost proxy wrote; what stands further left, the client may have
   * written. Tell no more proxies than cannot be gone around.
   *
   * @defaultValue `0`
   */
  readonly trustedProxies?: number | undefined;
  /**
   * The length of the prefix that stands for one client, 1 to 128 bits. An IPv6 client has not an
   * address but a prefix, and may send each request from another address in it. RIPE-690 has
   * networks give a household a /56 at least, and a company's site a /48; a phone has a /64. With
   * 64 a household is 256 clients; with 48 up to 256 households may be one.
   *
   * @defaultValue `56`
   */
  readonly ipv6PrefixBits?: number | undefined;
}

/** What is read of a request: any `IncomingMessage` has it. */
export interface AddressedRequest {
  /** The header fields, by lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The connection that the request came by. */
  readonly socket: Peer;
}

/** The other end of a connection. */
export interface Peer {
  /** Its IP address; absent once the connection is gone. */
  readonly remoteAddress?: string | undefined;
}

/** The key of a client without an address. No address reads like this. */
const noAddress = 'unknown';

/** Some proxies write `203.0.113.7:4711` or `[2001:db8::1]:4711`. */
const bracketed = /^\[([^\]]*)\](?::\d+)?$/;
const dottedWithPort = /^([\d.]+):\d+$/;

function parseAddress(text: string | undefined): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const trimmed = text?.trim() ?? '';
  const bare = (bracketed.exec(trimmed) ?? dottedWithPort.exec(trimmed))?.[1] ?? trimmed;
  // Stricter than ipaddr.isValid, which takes `1`, `0x7f.1` and octal numbers for addresses.
  const valid = ipaddr.IPv4.isValidFourPartDecimal(bare) || ipaddr.IPv6.isValid(bare);
  // `process` also turns an IPv4-mapped IPv6 address (::ffff:192.0.2.1) into its IPv4 address.
  return valid ? ipaddr.process(bare) : undefined;
}

function group(address: ipaddr.IPv4 | ipaddr.IPv6, mask: ipaddr.IPv6, prefixBits: number): string {
  if (!('parts' in address)) return address.toString();
  const parts = address.parts.map((part, index) => part & (mask.parts[index] ?? 0));
  return `${new ipaddr.IPv6(parts).toRFC5952String()}/${prefixBits}`;
}

/** Creates what `clientAddress` returns, naming `fn` in its errors. */
export function createClientAddress(
  fn: string,
  {
    trustedProxies = httpDefaults.trustedProxies,
    ipv6PrefixBits = httpDefaults.ipv6PrefixBits,
  }: ClientAddressOptions,
): (request: AddressedRequest) => string {
  requireInteger(fn, 'trustedProxies', trustedProxies, { min: 0 });
  requireInteger(fn, 'ipv6PrefixBits', ipv6PrefixBits, { min: 1, max: 128 });
  const mask = ipaddr.IPv6.subnetMaskFromPrefixLength(ipv6PrefixBits);

  function forwardedFor(request: AddressedRequest): string | undefined {
    if (trustedProxies === 0) return undefined;
    // Several fields of this name are one list, in the order of the fields.
    return String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-trustedProxies);
  }

  return (request) => {
    // Where the header is not as the proxies would have made it, nothing in it is believed: what
    // is left is the socket's peer, the one address that nobody can forge.
    const address =
      parseAddress(forwardedFor(request)) ?? parseAddress(request.socket.remoteAddress);
    return address === undefined ? noAddress : group(address, mask, ipv6PrefixBits);
  };
}

/**
 * Creates a function that reads the client's address off a request, as a key: an IPv4 address as
 * it is (also one mapped into IPv6), an IPv6 address as its prefix, `2001:db8:1:200::/56`.
 *
 * A header with fewer addresses than `trustedProxies`, or with something else in that place, is
 * not believed at all: the key is then the socket's peer, so a wrong count shows at once as one
 * key for everybody. A client without an address (its connection is closed, or is a Unix socket)
 * has the key `unknown`, shared by all such clients. Express's `req.ip` and its `trust proxy` are
 * neither read nor changed; nor is `Forwarded` (RFC 7239) read.
 *
 * @throws TypeError | RangeError if an option is not an integer in its range.
 * @example
 * ```ts
 * import type { IncomingMessage } from 'node:http';
 * import { createTokenBucket } from '@gabion/token-bucket';
 * import { clientAddress, rateLimit } from '@gabion/token-bucket/node';
 *
 * const bucket = createTokenBucket({ capacity: 20, refill: { tokens: 10, everyMs: 1_000 } });
 * const address = clientAddress({ trustedProxies: 1 });
 * const limiter = rateLimit(bucket, {
 *   key: (req: IncomingMessage & { user?: { id: string } }) =>
 *     req.user ? `user:${req.user.id}` : address(req),
 * });
 * ```
 */
export function clientAddress(
  options: ClientAddressOptions = {},
): (request: AddressedRequest) => string {
  return createClientAddress('clientAddress', options);
}
