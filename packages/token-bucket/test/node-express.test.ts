import express, { type ErrorRequestHandler, type Request } from 'express';
import { describe, expect, test } from 'vitest';
import { rateLimit } from '../src/node.js';
import { allowed, refused, scripted } from './http-fixtures.js';
import { serve } from './http-server.js';

describe('9. One decision yields the whole answer, in Express', () => {
  test('the middleware serves, refuses, and hands errors to the error handler', async () => {
    const bucket = scripted(allowed(), refused(), new Error('the store is gone'));
    const onError: ErrorRequestHandler = (error, _req, res, _next) => {
      res.status(500).send(error.message);
    };
    const app = express()
      .use(rateLimit(bucket))
      .get('/', (_req, res) => void res.send('served'))
      .use(onError);
    const url = await serve(app);
    const answers = [];
    for (let n = 0; n < 3; n++) {
      const response = await fetch(url);
      answers.push([response.status, response.headers.get('content-type'), await response.text()]);
    }
    expect(answers).toEqual([
      [200, 'text/html; charset=utf-8', 'served'],
      [429, 'application/problem+json', expect.stringMatching(/#quota-exceeded"/)],
      [500, 'text/html; charset=utf-8', 'the store is gone'],
    ]);
  });

  test('the key function sees the request of Express, and trust proxy stays its own affair', async () => {
    const byRoute = scripted(allowed());
    const byAddress = scripted(allowed());
    const app = express().set('trust proxy', true);
    app.get(
      '/items/:id',
      rateLimit(byRoute, { key: (req: Request) => `${req.ip} ${req.params['id']}` }),
      rateLimit(byAddress),
      (_req, res) => void res.end(),
    );
    const url = await serve(app);
    await fetch(`${url}items/7`, {
      headers: { 'x-forwarded-for': '203.0.113.7' },
    });
    expect(byRoute.takes[0]?.[0]).toBe('203.0.113.7 7');
    expect(byAddress.takes[0]?.[0]).toBe('127.0.0.1');
  });
});
