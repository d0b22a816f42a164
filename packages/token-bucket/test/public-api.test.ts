import { expect, test } from 'vitest';
import * as conformance from '../src/conformance.js';
import * as fetch from '../src/fetch.js';
import * as http from '../src/http.js';
import * as index from '../src/index.js';
import * as node from '../src/node.js';
import * as redis from '../src/redis.js';

function names(entry: object): string[] {
  return Object.keys(entry).sort();
}

test('. exports the bucket, the memory store and the errors', () => {
  expect(names(index)).toEqual([
    'StoreLayoutError',
    'StoreUnavailableError',
    'TooManyWaitersError',
    'createTokenBucket',
    'memoryBucketStore',
  ]);
});

test('./redis exports the Redis store and the way to it from node-redis', () => {
  expect(names(redis)).toEqual(['fromNodeRedis', 'redisBucketStore']);
});

test('./http exports what a decision is over HTTP', () => {
  expect(names(http)).toEqual(['httpAnswer', 'problem', 'rateLimitHeaders', 'retryAfter']);
});

test('./node exports the connect middleware', () => {
  expect(names(node)).toEqual(['clientAddress', 'rateLimit']);
});

test('./fetch exports the wrapper of a web handler', () => {
  expect(names(fetch)).toEqual(['withRateLimit']);
});

test('./conformance exports the laws of a store and one that fails by a script', () => {
  expect(names(conformance)).toEqual(['bucketStoreLaws', 'faulty']);
});
