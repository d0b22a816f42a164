import type { RetrySlot } from '../retry-budget.js';

/** What the budget does at each step of a slot. */
export interface SlotSteps {
  /** The retry starts. */
  begin(): void;
  /** The retry is over. */
  end(succeeded: boolean): void;
  /** The retry never starts. */
  giveBack(): void;
}

/** Creates a slot that goes its way once: asleep, then either given back, or begun and ended. */
export function createSlot(steps: SlotSteps): RetrySlot {
  let state: 'asleep' | 'under way' | 'over' = 'asleep';
  return {
    begin() {
      if (state !== 'asleep') return;
      state = 'under way';
      steps.begin();
    },
    end(succeeded) {
      if (state !== 'under way') return;
      state = 'over';
      steps.end(succeeded);
    },
    giveBack() {
      if (state !== 'asleep') return;
      state = 'over';
      steps.giveBack();
    },
  };
}
