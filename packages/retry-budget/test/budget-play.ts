import { createManualClock } from '@gabion/clock/testing';
import type { RetryBudget, RetrySlot } from '../src/index.js';
import { type Rational, rational, type Step } from './budget-models.js';

/** A budget as a model sees it: the same events, in rationals. */
export interface BudgetModel {
  balance(): Rational;
  begin(): void;
  end(succeeded: boolean): void;
  /** Whether the slot is given; `id` names it from then on. */
  take(cost: Rational, id: number): boolean;
  start(id: number): void;
  endSlot(id: number, succeeded: boolean): void;
  giveBack(id: number): void;
}

/** What happened, where a bound looks: a retry that started, its cost, or a payment. */
export interface Happening {
  readonly what: 'retry taken' | 'retry started' | 'success' | 'request';
  readonly cost: Rational;
  readonly atMs: number;
}

/** What was seen at one step: whether a slot was given, and the balance after it. */
export interface Seen {
  readonly given: boolean | undefined;
  readonly balance: number;
}

interface Out {
  readonly id: number;
  readonly slot: RetrySlot;
  readonly cost: Rational;
  state: 'asleep' | 'under way';
}

/** Plays a history on a budget and on its model, and returns what was seen of both. */
export function playBudget(
  create: (clock: ReturnType<typeof createManualClock>) => RetryBudget,
  createModel: (now: () => number) => BudgetModel,
  steps: readonly Step[],
) {
  const clock = createManualClock(5_000_000);
  const budget = create(clock);
  const model = createModel(() => clock.now());
  const seen: { budget: Seen; model: { given: boolean | undefined; balance: Rational } }[] = [];
  const happened: Happening[] = [];
  const out: Out[] = [];
  let ids = 0;
  let firstAttempts = 0;
  const note = (what: Happening['what'], cost = rational(1)) => {
    happened.push({ what, cost, atMs: clock.now() });
  };

  function take(written: number, meant: Rational): [boolean, boolean] {
    ids += 1;
    const slot = budget.take(written);
    const given = model.take(meant, ids);
    if (slot !== undefined) {
      out.push({ id: ids, slot, cost: meant, state: 'asleep' });
      note('retry taken', meant);
    }
    return [slot !== undefined, given];
  }

  function endFirst(succeeded: boolean): void {
    if (firstAttempts === 0) return;
    firstAttempts -= 1;
    budget.end(succeeded);
    model.end(succeeded);
    if (succeeded) note('success');
  }

  function move(kind: Step['kind'], which: number): void {
    const wanted = kind === 'start' || kind === 'giveBack' ? 'asleep' : 'under way';
    const candidates = out.filter(({ state }) => state === wanted);
    const one = candidates[which % Math.max(1, candidates.length)];
    if (one === undefined) return;
    if (kind === 'start') {
      one.state = 'under way';
      one.slot.begin();
      model.start(one.id);
      note('retry started', one.cost);
      return;
    }
    out.splice(out.indexOf(one), 1);
    if (kind === 'giveBack') {
      one.slot.giveBack();
      model.giveBack(one.id);
      return;
    }
    one.slot.end(kind === 'slotSucceeds');
    model.endSlot(one.id, kind === 'slotSucceeds');
    if (kind === 'slotSucceeds') note('success');
  }

  for (const step of steps) {
    let given: [boolean, boolean] | undefined;
    if (step.kind === 'wait') clock.advance(step.ms);
    else if (step.kind === 'take') given = take(step.cost.written, step.cost.meant);
    else if ('which' in step) move(step.kind, step.which);
    else if (step.kind !== 'begin') endFirst(step.kind === 'succeed');
    else {
      firstAttempts += 1;
      budget.begin();
      model.begin();
      note('request');
    }
    seen.push({
      budget: { given: given?.[0], balance: budget.balance },
      model: { given: given?.[1], balance: model.balance() },
    });
  }
  return { seen, happened };
}
