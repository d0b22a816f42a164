/** What is known about a request that got no answer. */
export type Fate =
  /** Nothing of it was sent: it may be sent again, whatever it does. */
  | 'unsent'
  /** It may have been received: it may be sent again if that does no harm. */
  | 'lost'
  /** It would fail again. */
  | 'final';

interface NetworkError {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly errors?: unknown;
}

/** What the network says through Node.js, as `code` of the error or of its cause. */
const lostCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** The same from browsers, which give no cause: Chrome, Firefox, Safari. */
const lostMessages = new Set([
  'Failed to fetch',
  'NetworkError when attempting to fetch resource.',
  'Load failed',
]);

/**
 * Judges what `fetch` threw. A mistake of the caller (a bad address, header or option) is a
 * TypeError as a failure of the network is, but has no code of the network in its cause.
 */
export function fateOf(error: unknown): Fate {
  if (!(error instanceof Error)) return 'final';
  const { code, cause } = error as Error & NetworkError;
  const network = typeof code === 'string' ? error : cause;
  if (isUnsent(network)) return 'unsent';
  if (isLost(network)) return 'lost';
  return error instanceof TypeError && lostMessages.has(error.message) ? 'lost' : 'final';
}

/** No connection was made, so no request can have gone over it. */
function isUnsent(error: unknown): boolean {
  const { code, syscall, errors } = (error ?? {}) as NetworkError;
  // Node.js tries each address of a name; all of them must have been out of reach.
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(isUnsent);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  return lostCodes.has(String(code)) && (syscall === 'connect' || syscall === 'getaddrinfo');
}

function isLost(error: unknown): boolean {
  const { code, errors } = (error ?? {}) as NetworkError;
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(isLost);
  return lostCodes.has(String(code)) || /^HPE_/.test(String(code));
}
