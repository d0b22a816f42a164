/**
 * A value that follows a call through its awaits, where the runtime can do that.
 *
 * @packageDocumentation
 */
export { type CallContext, createCallContext } from './call-context.js';
