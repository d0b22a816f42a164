/**
 * What a fenced mutex was seen to do, in the order in which one process saw it, and what is wrong
 * with that. Outcomes that nobody saw (a lost reply, an abort) are simply absent: a rule may only
 * use what was seen.
 */
export type LockEvent =
  /** `by` asks for the lock; its grant, if any, names the same `ask`. */
  | { readonly kind: 'asked'; readonly ask: number }
  | { readonly kind: 'granted'; readonly ask: number; readonly key: string; readonly fence: number }
  /** The holder looked at its clocks, and believes that it holds. */
  | { readonly kind: 'held'; readonly key: string; readonly fence: number }
  | { readonly kind: 'renewed'; readonly key: string; readonly fence: number }
  /** The holder gives up its claim: from here on it believes nothing. */
  | { readonly kind: 'ended'; readonly key: string; readonly fence: number }
  /** A guarded write: begun, and accepted. */
  | { readonly kind: 'writing'; readonly fence: number }
  | { readonly kind: 'wrote'; readonly fence: number };

/** What the store is known to have gone through. */
export interface Circumstances {
  /** It may have forgotten leases: two may hold at once, and only the fence tells them apart. */
  readonly forgets?: boolean;
}

/** Every rule of a fenced mutex that the history breaks, as sentences; none when it is sound. */
export function findViolations(
  events: readonly LockEvent[],
  { forgets = false }: Circumstances = {},
): string[] {
  const rules = [growth(), endings(), guardedWrites(), ...(forgets ? [] : [exclusion()])];
  return events.flatMap((event, at) => rules.flatMap((rule) => rule(event, at)));
}

type Rule = (event: LockEvent, at: number) => string[];

/** A fence granted to whoever asked after another grant is greater; no two grants share one. */
function growth(): Rule {
  let highest = 0;
  const highestWhenAsked = new Map<number, number>();
  const granted = new Set<number>();
  return (event, at) => {
    if (event.kind === 'asked') highestWhenAsked.set(event.ask, highest);
    if (event.kind !== 'granted') return [];
    const { ask, fence } = event;
    const before = highestWhenAsked.get(ask) ?? 0;
    const wrong = granted.has(fence) ? [`${at}: fence ${fence} was granted twice`] : [];
    if (fence <= before) wrong.push(`${at}: fence ${fence} after ${before}`);
    granted.add(fence);
    highest = Math.max(highest, fence);
    return wrong;
  };
}

/** Once a later fence of a key is granted, nobody believes to hold an earlier one. */
function exclusion(): Rule {
  const latest = new Map<string, number>();
  return (event, at) => {
    if (event.kind === 'granted') {
      latest.set(event.key, Math.max(latest.get(event.key) ?? 0, event.fence));
    }
    if (event.kind !== 'held' && event.kind !== 'renewed') return [];
    const last = latest.get(event.key) ?? 0;
    return event.fence < last ? [`${at}: ${event.fence} is held beside ${last}`] : [];
  };
}

/** A lease that ended is never held or renewed again. */
function endings(): Rule {
  const ended = new Set<number>();
  return (event, at) => {
    if (event.kind === 'ended') ended.add(event.fence);
    if (event.kind !== 'held' && event.kind !== 'renewed') return [];
    return ended.has(event.fence) ? [`${at}: ${event.fence} is held after its end`] : [];
  };
}

/** A write that began after another was accepted is accepted only with no older fence. */
function guardedWrites(): Rule {
  let highest = 0;
  const highestWhenBegun = new Map<number, number>();
  return (event, at) => {
    if (event.kind === 'writing') highestWhenBegun.set(event.fence, highest);
    if (event.kind !== 'wrote') return [];
    const before = highestWhenBegun.get(event.fence) ?? 0;
    highest = Math.max(highest, event.fence);
    return event.fence < before ? [`${at}: ${event.fence} wrote over ${before}`] : [];
  };
}
