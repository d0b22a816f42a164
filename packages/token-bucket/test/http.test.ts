import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  httpAnswer,
  problem,
  type RateLimitDraft,
  type RefusalStatus,
  rateLimitHeaders,
} from '../src/http.js';
import { allowed, anyRefusal, refused } from './http-fixtures.js';

const registry = 'https://iana.org/assignments/http-problem-types';
const brokenStore = refused({
  source: 'policy',
  degraded: true,
  violated: [],
  retryAfterMs: 1_000,
});

describe('9. One decision yields the whole answer', () => {
  test('a refusal is a status, header fields and a problem document', () => {
    const { status, headers, body } = httpAnswer(refused());
    expect(status).toBe(429);
    expect(headers).toEqual({
      'RateLimit-Policy': '"burst";q=20;w=2',
      RateLimit: '"burst";r=0;t=1',
      'Retry-After': '1',
      'Cache-Control': 'no-store',
      'Content-Type': 'application/problem+json',
    });
    expect(JSON.parse(body ?? '')).toEqual({
      type: `${registry}#quota-exceeded`,
      title: 'Quota Exceeded',
      status: 429,
      detail: 'Try again in 1 s.',
      'violated-policies': ['burst'],
    });
  });

  test('an allowed take is header fields alone', () => {
    expect(httpAnswer(allowed())).toEqual({
      status: undefined,
      headers: { 'RateLimit-Policy': '"burst";q=20;w=2', RateLimit: '"burst";r=0;t=1' },
      body: undefined,
    });
  });

  test('503 has its own problem type', () => {
    expect(problem(refused({ violated: ['all', 'burst'] }), { status: 503 })).toEqual({
      type: `${registry}#temporary-reduced-capacity`,
      title: 'Temporary Reduced Capacity',
      status: 503,
      detail: 'Try again in 1 s.',
      'violated-policies': ['all', 'burst'],
    });
  });

  test('a broken store is 503 whatever status was chosen', () => {
    for (const status of [429, 503] as const) {
      const answer = httpAnswer(brokenStore, { status });
      expect(answer.status).toBe(503);
      expect(answer.headers['RateLimit']).toBeUndefined();
      expect(JSON.parse(answer.body ?? '')).toEqual({
        type: `${registry}#temporary-reduced-capacity`,
        title: 'Temporary Reduced Capacity',
        status: 503,
        detail: 'The limit cannot be checked now; try again in 1 s.',
        'violated-policies': [],
      });
    }
    const { detail } = problem({ ...brokenStore, retryAfterMs: null });
    expect(detail).toBe('The limit cannot be checked now.');
  });

  test('a share of this process refuses like the store', () => {
    expect(problem(refused({ source: 'local', degraded: true })).status).toBe(429);
  });

  test('what can never succeed says that waiting does not help', () => {
    const { status, detail } = problem(refused({ retryAfterMs: null }));
    expect(status).toBe(429);
    expect(detail).toMatch(/waiting does not help/);
  });

  test('the status, the fields and the document agree', () => {
    fc.assert(
      fc.property(
        anyRefusal,
        fc.constantFrom<RefusalStatus[]>(429, 503),
        fc.constantFrom<RateLimitDraft[]>(11, 'proposed-12'),
        (refusal, status, draft) => {
          const answer = httpAnswer(refusal, { status, draft });
          const document = problem(refusal, { status });
          expect(answer.status).toBe(refusal.source === 'policy' ? 503 : status);
          expect(answer.status).toBe(document.status);
          expect(JSON.parse(answer.body ?? '')).toEqual(document);
          expect(document['violated-policies']).toEqual(refusal.violated);
          expect(answer.headers).toEqual({
            ...rateLimitHeaders(refusal, { draft }),
            'Content-Type': 'application/problem+json',
          });
        },
      ),
    );
  });

  test('only a refusal is a problem', () => {
    expect(() => problem(allowed())).toThrow(
      new TypeError('problem: result must be a refusal, got one that is allowed'),
    );
  });

  test('an option that is not one of its values is refused, and named, allowed or not', () => {
    for (const result of [allowed(), refused()]) {
      expect(() => httpAnswer(result, { status: 418 as 429 })).toThrow(
        new RangeError('httpAnswer: status must be 429 or 503, got 418'),
      );
      expect(() => httpAnswer(result, { draft: '11' as 'proposed-12' })).toThrow(
        new RangeError('httpAnswer: draft must be 11 or "proposed-12", got "11"'),
      );
    }
    expect(() => problem(refused(), { status: 200 as 429 })).toThrow(
      new RangeError('problem: status must be 429 or 503, got 200'),
    );
  });
});
