/** What the world did wrong, told apart by `code`. (The caller: TypeError or RangeError.) */
import { CodedError } from '@gabion/contract';

export {
  LeaseLostError,
  type LeaseLostReason,
  StoreFullError,
  StoreLayoutError,
  StoreUnavailableError,
} from '@gabion/contract';

/** A store granted one attempt twice: whatever it is, it protects nothing. */
export class StoreContractError extends CodedError {
  override readonly code = 'STORE_CONTRACT' as const;

  constructor(message: string, options?: ErrorOptions) {
    super('StoreContractError', 'STORE_CONTRACT', message, options);
  }
}
