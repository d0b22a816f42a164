/** What the world did wrong, told apart by `code`; what the caller did is a TypeError or RangeError. */
export { StoreLayoutError, StoreUnavailableError, TooManyWaitersError } from '@gabion/contract';
