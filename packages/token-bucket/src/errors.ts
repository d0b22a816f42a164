/** What the world did wrong, told apart by `code`. (The caller: TypeError or RangeError.) */
export { StoreLayoutError, StoreUnavailableError, TooManyWaitersError } from '@gabion/contract';
