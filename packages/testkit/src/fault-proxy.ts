import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createLane, type Lane, type Weather } from './lane.js';

/** The server that a proxy stands in front of. */
export interface ProxyTarget {
  /** Its host. @defaultValue '127.0.0.1' */
  readonly host?: string;
  /** Its TCP port. */
  readonly port: number;
}

/** A TCP proxy whose faults are called by name. They add up until `heal()`. */
export interface FaultProxy extends AsyncDisposable {
  /** Always 127.0.0.1. */
  readonly host: string;
  /** The port that clients connect to instead of the server's. */
  readonly port: number;
  /** How many clients are connected. */
  readonly connections: number;
  /** The proxy's address. @defaultValue scheme 'redis' */
  url(scheme?: string): string;
  /** The server's URL with the proxy's host and port in place of its own. */
  rewrite(url: string): string;
  /** Holds every byte for `ms` milliseconds, each way: a round trip takes twice as long. */
  delay(ms: number): void;
  /** Accepts connections and bytes, and forwards nothing either way. */
  stall(): void;
  /** Lets requests through and throws away what comes back: the effect is kept, no one knows. */
  dropReplies(): void;
  /** Breaks every live connection; what is on its way is lost. New ones are welcome. */
  cut(): void;
  /** Breaks every live connection, and each new one as soon as it is made. */
  refuse(): void;
  /** Breaks every live connection, and takes new ones to another server: a failover. */
  redirect(target: ProxyTarget): void;
  /**
   * Ends all faults. What a stall or a delay held is forwarded at once. What `dropReplies()`
   * threw away stays lost, and the connections that it was lost on are cut: TCP never loses bytes
   * from the middle of a stream and goes on, so a client must not be shown such a thing.
   */
  heal(): void;
  /** Breaks every connection and frees the port. Calling it again changes nothing. */
  stop(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly lanes: readonly Lane[];
}

const fair: Readonly<Weather> = Object.freeze({
  delayMs: 0,
  stalled: false,
  repliesDropped: false,
  refusing: false,
});

function breakLink({ client, upstream, lanes }: Link): void {
  for (const lane of lanes) lane.close();
  client.resetAndDestroy();
  // Not a reset: what was handed over before is still read and carried out by the server.
  upstream.destroy();
}

function openLink(client: Socket, target: ProxyTarget, weather: Weather): Link {
  const upstream = connect({
    host: target.host ?? '127.0.0.1',
    port: target.port,
    allowHalfOpen: true,
    noDelay: true,
  });
  const requests = createLane(client, upstream, weather, 'requests');
  const replies = createLane(upstream, client, weather, 'replies');
  return { client, upstream, lanes: [requests, replies] };
}

/** Every link that is alive on either side, kept by the sockets' own closing. */
function createLinks(first: ProxyTarget, weather: Weather) {
  const links = new Set<Link>();
  let target = first;
  const listener = (client: Socket) => {
    if (weather.refusing) return void client.resetAndDestroy();
    const link = openLink(client, target, weather);
    links.add(link);
    const forget = () => {
      if (client.closed && link.upstream.closed) links.delete(link);
    };
    client.once('close', forget);
    link.upstream.once('close', forget);
  };
  const aim = (next: ProxyTarget) => {
    target = next;
  };
  return { links, listener, aim };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Starts a proxy in front of a server, on a free port of 127.0.0.1 and in this process. */
export async function startFaultProxy(target: ProxyTarget): Promise<FaultProxy> {
  const weather: Weather = { ...fair };
  const { links, listener, aim } = createLinks(target, weather);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, listener);
  const port = await listen(server);
  const change = (next: Partial<Weather>) => void Object.assign(weather, next);
  const cut = () => links.forEach(breakLink);
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  const proxy: FaultProxy = {
    host: '127.0.0.1',
    port,
    get connections() {
      return [...links].filter(({ client }) => !client.destroyed).length;
    },
    url: (scheme = 'redis') => `${scheme}://127.0.0.1:${port}`,
    rewrite(url) {
      const rewritten = new URL(url);
      rewritten.host = `127.0.0.1:${port}`;
      return rewritten.href;
    },
    delay: (ms) => change({ delayMs: ms }),
    stall: () => change({ stalled: true }),
    dropReplies: () => change({ repliesDropped: true }),
    cut,
    refuse() {
      change({ refusing: true });
      cut();
    },
    redirect(next) {
      aim(next);
      cut();
    },
    heal() {
      change(fair);
      for (const link of links) {
        if (link.lanes.some((lane) => lane.holed)) breakLink(link);
        for (const lane of link.lanes) lane.hurry();
        for (const lane of link.lanes) lane.flush();
      }
    },
    async stop() {
      change({ refusing: true });
      cut();
      server.close();
      await closed;
    },
    [Symbol.asyncDispose]: () => proxy.stop(),
  };
  return proxy;
}
