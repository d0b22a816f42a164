import { startRedis } from '@gabion/testkit';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { escapeKeyPart, hashTag } from '../src/index.js';

/** Texts as users write them, and texts made to break out of a hash tag. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ unit: fc.constantFrom('{', '}', '%', ':', 'a'), minLength: 1 }),
);

describe('the slot of a key, as a cluster counts it', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis({ cluster: true });
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  const slotOf = (key: string) => redis.cluster('KEYSLOT', key);

  test('is that of the whole text, whatever the text is and whatever stands around it', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (text, before, after) => {
        const key = `${escapeKeyPart(before)}:${hashTag(text)}:${after}`;
        const [slot, whole] = await Promise.all([slotOf(key), slotOf(escapeKeyPart(text))]);
        expect(slot).toBe(whole);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is another one for nearly every other text, with braces or without', async () => {
    const texts = Array.from({ length: 500 }, (_, i) => `{same}${i}}{`);
    const slots = await Promise.all(texts.map((text) => slotOf(`p:${hashTag(text)}:x`)));
    expect(new Set(slots).size).toBeGreaterThan(450);
  });
});
