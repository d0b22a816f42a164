import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TokenBucket } from '@gabion/token-bucket';
import { rateLimit } from '@gabion/token-bucket/node';
import express, { type ErrorRequestHandler, type Request } from 'express';
import type { Downstream } from './downstream.js';

/** What the server saw. */
export interface Served {
  /** Pages whose client was still there. */
  pages: number;
  /** Pages that were made for a client that had hung up. */
  forNobody: number;
  /** What failed, such as a store that cannot be reached. */
  readonly failures: unknown[];
}

/** A server on the loopback interface. */
export interface PageServer {
  readonly url: string;
  readonly served: Served;
  /** Takes no more, and drops who is still there. */
  close(): Promise<void>;
}

/** Says who asks. By default it would be the address, which all clients on one machine share. */
export function apiKey(request: Request): string {
  return request.get('x-api-key') ?? 'nobody';
}

/**
 * Starts an Express server that has pages made downstream, with a limiter in front where there is
 * a bucket. That one line is all the difference between the two runs.
 */
export async function startPageServer(
  downstream: Downstream,
  bucket: Pick<TokenBucket, 'take'> | undefined,
): Promise<PageServer> {
  const served: Served = { pages: 0, forNobody: 0, failures: [] };
  const app = express();
  if (bucket !== undefined) app.use(rateLimit(bucket, { key: apiKey }));

  app.get('/page', async (_request, response) => {
    if (!(await downstream.work())) return;
    if (response.destroyed) served.forNobody += 1;
    else served.pages += 1;
    response.send('a page');
  });

  const onError: ErrorRequestHandler = (error, _request, response, _next) => {
    served.failures.push(error);
    response.sendStatus(500);
  };
  app.use(onError);

  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/page`,
    served,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
