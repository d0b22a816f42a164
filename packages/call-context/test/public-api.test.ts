import { expect, test } from 'vitest';
import * as index from '../src/index.js';

test('. exports the context', () => {
  expect(Object.keys(index)).toEqual(['createCallContext']);
});
