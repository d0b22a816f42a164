import { describe, expect, test } from 'vitest';
import { createFenceGuard, type FenceGuard, memoryFenceStore } from '../src/index.js';

const guardOf = () => createFenceGuard(memoryFenceStore());

/** A register that is written through the guard, as code without `fencedSet` would do it. */
function createRegister(guard: FenceGuard, value: number) {
  const write = async (fence: number, next: number) => {
    await guard.advance('register', fence);
    register.value = next;
  };
  const register = { value, write };
  return register;
}

describe('5. The guard lives with the write', () => {
  test('the same fence and a later one pass, an older one is refused', async () => {
    const guard = guardOf();
    await guard.advance('ledger', 5);
    await guard.advance('ledger', 5);
    await guard.advance('ledger', 7);
    await expect(guard.advance('ledger', 6)).rejects.toMatchObject({
      code: 'STALE_FENCE',
      name: 'StaleFenceError',
      resource: 'ledger',
      fence: 6,
      highest: 7,
    });
    await guard.advance('ledger', 7);
  });

  test('a check refuses an older fence, and raises nothing', async () => {
    const guard = guardOf();
    await guard.advance('ledger', 5);
    await guard.check('ledger', 9);
    await guard.check('ledger', 5);
    await expect(guard.check('ledger', 4)).rejects.toMatchObject({ fence: 4, highest: 5 });
    await guard.advance('ledger', 6);
  });

  test('each name has a mark of its own', async () => {
    const guard = guardOf();
    await guard.advance('__proto__', 5);
    await guard.advance('ledger', 1);
    await expect(guard.check('__proto__', 4)).rejects.toMatchObject({ highest: 5 });
  });

  test('a check of the highest fence written alone loses an update that advance keeps', async () => {
    for (const advances of [false, true]) {
      const guard = guardOf();
      const register = createRegister(guard, 100);
      // Holder 34 has read 100 and is paused; holder 35 takes over and reads.
      if (advances) await guard.advance('register', 35);
      const read = register.value;
      // The zombie's delayed write arrives between the new holder's read and its write.
      const zombie = await register.write(34, 101).catch((error) => error.code);
      await register.write(35, read + 1);
      // Two updates were accepted in the one case, one in the other: does the value show them all?
      const accepted = zombie === undefined ? 2 : 1;
      const lost = 100 + accepted - register.value;
      expect({ advances, zombie, lost }).toEqual(
        advances
          ? { advances, zombie: 'STALE_FENCE', lost: 0 }
          : { advances, zombie: undefined, lost: 1 },
      );
    }
  });

  test('a store that is full of marks refuses a new name, and keeps those it has', async () => {
    const guard = createFenceGuard(memoryFenceStore({ maxKeys: 2 }));
    await guard.advance('a', 1);
    await guard.advance('b', 1);
    await expect(guard.advance('c', 1)).rejects.toMatchObject({ code: 'STORE_FULL' });
    await guard.advance('a', 2);
    await expect(guard.check('a', 1)).rejects.toMatchObject({ highest: 2 });
  });

  test.each<[string, () => Promise<void>, string]>([
    ['an empty name', () => guardOf().advance('', 1), 'advance: name must have 1 to'],
    ['a name that is none', () => guardOf().check(7 as never, 1), 'check: name must be a string'],
    [
      'half a surrogate pair',
      () => guardOf().check('\ud800', 1),
      'check: name must be well-formed',
    ],
    ['a fence of 0', () => guardOf().advance('a', 0), 'advance: fence must be an integer of at'],
    ['a fraction', () => guardOf().check('a', 1.5), 'check: fence must be an integer of at least'],
    ['a fence as text', () => guardOf().check('a', '5' as never), 'got "5"'],
    ['a fence above 2^53 − 1', () => guardOf().advance('a', 2 ** 53), 'got 9007199254740992'],
  ])('%s is refused before the store is asked', async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });

  test('a guard needs a store', () => {
    expect(() => createFenceGuard({} as never)).toThrow(
      'createFenceGuard: store must be a fence store, got an object',
    );
    expect(() => memoryFenceStore({ maxKeys: 0 })).toThrow('memoryFenceStore: maxKeys must be');
  });
});
