import { gate } from '@gabion/testkit';
import { type LeaseStore, type StoreCallOptions, StoreUnavailableError } from '../src/index.js';

type Verb = 'acquire' | 'renew' | 'release' | 'leave';

/** One call on its way to the store and back. */
export interface Call {
  readonly verb: Verb;
  readonly request: { readonly key: string; readonly owner?: string; readonly waiter?: string };
  readonly options: StoreCallOptions | undefined;
  /** Lets the question take effect; its reply is still on its way. */
  arrive(): Promise<void>;
  /** Lets the reply come; the question takes effect now if it has not yet. */
  answer(): Promise<void>;
  /** Lets the call fail: the reply, or the question too, is lost. */
  fail(effect: 'none' | 'unknown'): void;
}

/**
 * A store behind a wire. Calls pass at once, until `hold` is called: from then on each waits for
 * the test. `story` has every call as it was made, and after how many milliseconds.
 */
export function createWire(store: LeaseStore, elapsedMs: () => number) {
  const calls: Call[] = [];
  const story: string[] = [];
  let holding = false;

  function send<T>(
    verb: Verb,
    request: Call['request'],
    options: StoreCallOptions | undefined,
    ask: () => Promise<T>,
  ): Promise<T> {
    const replied = gate<T>();
    let asked: Promise<T> | undefined;
    const arrive = async () => {
      asked ??= ask();
      await asked.catch(() => {});
    };
    const answer = async () => {
      await arrive();
      asked?.then(replied.open, replied.fail);
    };
    const fail = (effect: 'none' | 'unknown') =>
      replied.fail(new StoreUnavailableError(`the wire failed ${verb}`, effect));
    story.push(`${elapsedMs()}: ${verb} ${request.key}`);
    calls.push({ verb, request, options, arrive, answer, fail });
    if (!holding) answer();
    return replied.promise;
  }

  const wired: LeaseStore = {
    ...store,
    acquire: (request, options) =>
      send('acquire', request as Call['request'], options, () => store.acquire(request, options)),
    renew: (request, options) =>
      send('renew', request, options, () => store.renew(request, options)),
    release: (request, options) =>
      send('release', request, options, () => store.release(request, options)),
    leave: (request, options) =>
      send('leave', request, options, () => store.leave(request, options)),
  };
  return {
    store: wired,
    calls,
    story,
    /** Lets every call from now on wait for the test. */
    hold() {
      holding = true;
    },
    /** Lets calls pass again; those that wait go on waiting. */
    pass() {
      holding = false;
    },
    /** The last call of a verb. */
    last(verb: Verb): Call {
      const call = calls.filter((one) => one.verb === verb).at(-1);
      if (call === undefined) throw new Error(`no ${verb} was sent`);
      return call;
    },
    /** How many calls of a verb were made. */
    count: (verb: Verb) => calls.filter((one) => one.verb === verb).length,
  };
}
