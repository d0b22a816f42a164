import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countEvents } from '../events.js';
import { boundedRoute, countedRoute, plainRoute, ringOf, saltedRoute } from '../routes.js';
import { total } from '../second-stage.js';
import { serve } from './served.js';
import { quickLoad } from './stage.js';

const load = { ...quickLoad, partitions: 5, watchEvents: 60 };
const ring = ringOf(load);
const routes = {
  plain: () => plainRoute(ring),
  bounded: () => boundedRoute(ring),
  counted: () => countedRoute(ring),
  salted: () => saltedRoute(ring, load),
};

/** Some key is hot more often than not. */
const events = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('star', '__proto__') },
    fc.integer({ min: 0, max: 30 }).map((n) => `key-${n}`),
  ),
  { maxLength: 300 },
);
const windows = fc.integer({ min: 1, max: 50 });

describe('the count in two stages', () => {
  test.each(Object.entries(routes))(
    'by the %s route is that of the events, key by key',
    (_, make) => {
      fc.assert(
        fc.property(events, windows, (events, windowEvents) => {
          const route = make();
          const served = serve(route, events, windowEvents);
          const truth = countEvents(events);
          const { counts, incomplete } = total(truth.keys(), route, served);
          expect(counts).toEqual(truth);
          expect(incomplete).toEqual([]);
        }),
        { numRuns: 50 },
      );
    },
  );
});

describe('a route', () => {
  test('that is bounded fills no partition above its share and a quarter', () => {
    fc.assert(
      fc.property(events, (events) => {
        const route = boundedRoute(ring);
        route.route(events);
        const most = Math.ceil((1.25 * events.length) / load.partitions);
        for (const { held } of route.bounded.loads()) expect(held).toBeLessThanOrEqual(most);
      }),
    );
  });

  test('that counts first sends a key once a window', () => {
    const route = countedRoute(ring);
    expect(route.route(['a', 'b', 'a', 'a']).map(({ key, count }) => [key, count])).toEqual([
      ['a', 3],
      ['b', 1],
    ]);
  });

  test('that salts is plain until it has watched enough, and then salts what is hot', () => {
    const route = saltedRoute(ring, load);
    const stars = Array<string>(30).fill('star');
    expect(new Set(route.route(stars).map(({ key }) => key)).size).toBe(1);
    expect(route.salter.config.version).toBe(0);
    expect(new Set(route.route(stars).map(({ key }) => key)).size).toBe(1);
    // Both steps: first readers, then writers.
    expect(route.salter.config).toEqual({
      version: 2,
      readSalts: { star: 5 },
      writeSalts: { star: 5 },
    });
    const later = route.route(Array<string>(500).fill('star'));
    expect(new Set(later.map(({ partition }) => partition)).size).toBe(5);
    expect(new Set(route.seats('star').map(({ partition }) => partition)).size).toBe(5);
    expect(route.seats('other')).toHaveLength(1);
  });
});
