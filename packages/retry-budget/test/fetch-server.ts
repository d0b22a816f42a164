import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What a request was when it came. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Which connection it came over: 1 is the first. */
  readonly connection: number;
}

type Reply = (response: ServerResponse, request: IncomingMessage) => void;

/** What becomes of one request: a status, the end of its connection, silence, or a reply. */
export type Step = number | 'close' | 'reset' | 'cut' | 'stall' | Reply;

/** A real server on the loopback interface, where each request meets the next step of a script. */
export interface ScriptedServer {
  readonly url: string;
  /** Every request, in the order in which they were read to their end. */
  readonly received: readonly Received[];
  /** The methods of the requests, one after another. */
  readonly methods: string;
}

/** Starts one that lives until the test ends; when the script is used up, all is well. */
export async function scripted(...script: Step[]): Promise<ScriptedServer> {
  const received: Received[] = [];
  const sockets: Socket[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers, socket } = request;
    const body = (await buffer(request)).toString('latin1');
    if (!sockets.includes(socket)) sockets.push(socket);
    received.push({ method, path: url, headers, body, connection: sockets.indexOf(socket) + 1 });
    meet(script.shift() ?? 200, request, response);
  });
  // Keep-alive must not end by itself while a test looks at connections.
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    get methods() {
      return received.map(({ method }) => method).join(' ');
    },
  };
}

function meet(step: Step, request: IncomingMessage, response: ServerResponse): void {
  if (typeof step === 'function') step(response, request);
  if (typeof step === 'number') response.writeHead(step).end(`status ${step}`);
  if (step === 'close') request.socket.destroy();
  if (step === 'reset') request.socket.resetAndDestroy();
  if (step !== 'cut') return;
  response.writeHead(200, { 'content-length': 1_000 });
  response.write('the beginning', () => request.socket.destroy());
}

/** What a promise is after a hundred turns of the event loop: its value, or that it is pending. */
export async function soon<T>(promise: Promise<T>): Promise<T | 'pending'> {
  const turns = async () => {
    for (let i = 0; i < 100; i += 1) await new Promise(setImmediate);
    return 'pending' as const;
  };
  return Promise.race([promise, turns()]);
}

/** Answers with a status and header fields. */
export function reply(status: number, headers: Record<string, string>, body = ''): Reply {
  return (response) => void response.writeHead(status, headers).end(body);
}

/** An address where nobody listens. */
export async function deadUrl(): Promise<string> {
  const server = createRawServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/`;
}

/** A server that does to each connection as it likes. */
export async function raw(serve: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createRawServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
