import { createFenceGuard, type FenceGuard, memoryFenceStore } from '@gabion/fenced-lock';

/** One write that the bank was asked for. */
export interface Write {
  readonly atMs: number;
  readonly account: number;
  readonly by: string;
  readonly fence: number;
  readonly accepted: boolean;
}

/** The resource: accounts, and a mark for each that no older fence may pass. */
export interface Bank {
  readonly balances: readonly number[];
  readonly writes: readonly Write[];
  /** All balances added up, at every change. */
  readonly totals: readonly (readonly [atMs: number, total: number])[];
  /** The next account that the nightly job has to see to; their number when it is done. */
  readonly next: number;
  /** What an account holds. The guarded bank accepts no older fence from here on. */
  read(account: number, fence: number): Promise<number>;
  /** Sets what an account holds. The guarded bank refuses an older fence. */
  write(account: number, balance: number, fence: number, by: string): Promise<void>;
  /** A customer pays in: the bank's own business, which needs no lock. */
  deposit(account: number, amount: number): void;
}

const unguarded: FenceGuard = { advance: async () => {}, check: async () => {} };

/** Opens a bank in this process. */
export function openBank(accounts: number, guarded: boolean, now: () => number): Bank {
  const balances = Array<number>(accounts).fill(100);
  const guard = guarded ? createFenceGuard(memoryFenceStore()) : unguarded;
  const writes: Write[] = [];
  const total = () => balances.reduce((sum, balance) => sum + balance, 0);
  const totals: [number, number][] = [[now(), total()]];
  let next = 0;

  function set(account: number, balance: number): void {
    balances[account] = balance;
    totals.push([now(), total()]);
  }

  return {
    balances,
    writes,
    totals,
    get next() {
      return next;
    },
    async read(account, fence) {
      await guard.advance(`account-${account}`, fence);
      return balances[account] as number;
    },
    async write(account, balance, fence, by) {
      const asked = { atMs: now(), account, by, fence };
      try {
        await guard.advance(`account-${account}`, fence);
      } catch (error) {
        writes.push({ ...asked, accepted: false });
        throw error;
      }
      writes.push({ ...asked, accepted: true });
      set(account, balance);
      next = Math.max(next, account + 1);
    },
    deposit(account, amount) {
      set(account, (balances[account] as number) + amount);
    },
  };
}
