import type { BucketStore, SyncBucketStore, TakeRequest, Verdict } from '../src/store.js';

/** Breaks a store that is sound. */
export type Break = (sound: SyncBucketStore) => BucketStore;

/** A store that asks for something else than it was asked for. */
function asking(change: (request: TakeRequest) => TakeRequest): Break {
  return (sound) => ({ take: async (request) => sound.takeSync(change(request)) });
}

/** A store that answers something else than is the case. */
function answering(change: (verdict: Verdict, request: TakeRequest) => Verdict): Break {
  return (sound) => ({ take: async (request) => change(sound.takeSync(request), request) });
}

function mapKeys(change: (key: string) => string): Break {
  return asking((request) => ({ ...request, keys: request.keys.map(change) }));
}

function mapRetries(change: (ms: number | null) => number | null): Break {
  return answering((verdict) =>
    verdict.allowed ? verdict : { ...verdict, retryAfterMs: verdict.retryAfterMs.map(change) },
  );
}

function mapLimits(change: (limit: Verdict['limits'][number]) => Verdict['limits'][number]): Break {
  return answering((verdict) => ({ ...verdict, limits: verdict.limits.map(change) }));
}

const startsEmpty: Break = (sound) => {
  const met = new Set<string>();
  return {
    async take(request) {
      const id = JSON.stringify([request.bucket.name, request.keys]);
      if (!met.has(id)) sound.takeSync({ ...request, cost: 1, commit: true });
      met.add(id);
      return sound.takeSync(request);
    },
  };
};

const refusalTakesTheRest: Break = (sound) => ({
  async take(request) {
    const verdict = sound.takeSync(request);
    const rest = Math.min(...verdict.limits.map(({ remaining }) => remaining));
    if (!verdict.allowed) sound.takeSync({ ...request, cost: rest });
    return verdict;
  },
});

const looksThenTakes: Break = (sound) => ({
  async take(request) {
    const looked = sound.takeSync({ ...request, commit: false });
    await undefined;
    if (looked.allowed) sound.takeSync(request);
    return looked;
  },
});

const oneLimitAfterAnother: Break = (sound) => ({
  async take(request) {
    const { bucket, keys } = request;
    const verdicts = bucket.limits.map((limit, i) =>
      sound.takeSync({
        ...request,
        bucket: { name: bucket.name, limits: [limit] },
        keys: [keys[i] as string],
      }),
    );
    const { atMs } = verdicts[0] as Verdict;
    const limits = verdicts.flatMap((verdict) => verdict.limits);
    if (verdicts.every(({ allowed }) => allowed)) return { allowed: true, atMs, limits };
    const retryAfterMs = verdicts.flatMap((one) => (one.allowed ? [0] : one.retryAfterMs));
    return { allowed: false, atMs, limits, retryAfterMs };
  },
});

const forgetsWhenChanged = asking((request) => {
  const { name, limits } = request.bucket;
  return { ...request, bucket: { name: name + JSON.stringify(limits), limits } };
});

const carriesThePastInstant: Break = (sound) => {
  let pastMs = 0;
  return {
    async take(request) {
      const verdict = sound.takeSync(request);
      const atMs = pastMs;
      pastMs = verdict.atMs;
      return { ...verdict, atMs };
    },
  };
};

/** Each law, what is wrong with a store that breaks it, and that store. */
export const brokenStores: readonly (readonly [law: string, wrong: string, store: Break])[] = [
  ['a new key has a full bucket', 'begins a token short', startsEmpty],
  ['a look takes nothing', 'commits looks', asking((request) => ({ ...request, commit: true }))],
  ['a refusal takes nothing', 'takes the rest when it refuses', refusalTakesTheRest],
  [
    'a cost above the capacity can never be had',
    'says when it can',
    mapRetries((ms) => ms ?? 1_000),
  ],
  ['Retry-After is tight', 'says a millisecond more', mapRetries((ms) => ms && ms + 1)],
  [
    'Retry-After is tight',
    'says whole seconds',
    mapRetries((ms) => ms && Math.ceil(ms / 1e3) * 1e3),
  ],
  [
    'what is given back can be taken again, and never more than the capacity',
    'keeps what is given back',
    asking((request) => ({ ...request, cost: Math.max(0, request.cost) })),
  ],
  [
    'of any number of takers at once, as many get a token as there are tokens',
    'looks first and takes later',
    looksThenTakes,
  ],
  [
    'keys of any text do not touch each other',
    'drops braces',
    mapKeys((key) => key.replace(/[{}]/g, '')),
  ],
  [
    'keys of any text do not touch each other',
    'reads percent signs',
    mapKeys((key) => key.replace('%7B', '{').replace('%7D', '}')),
  ],
  [
    'keys of any text do not touch each other',
    'has one key for look-alikes',
    mapKeys((key) => key.normalize()),
  ],
  ['keys of any text do not touch each other', 'ignores case', mapKeys((key) => key.toLowerCase())],
  ['several limits give all or nothing', 'takes from one after another', oneLimitAfterAnother],
  ['a changed limit keeps whole tokens, up to its capacity', 'begins anew', forgetsWhenChanged],
  [
    'answers are the pure core’s for the instants that they carry',
    'carries the instant of the answer before',
    carriesThePastInstant,
  ],
  [
    'answers are the pure core’s for the instants that they carry',
    'rounds the time until full down',
    mapLimits((limit) => ({ ...limit, resetAfterMs: Math.max(0, limit.resetAfterMs - 1) })),
  ],
];
