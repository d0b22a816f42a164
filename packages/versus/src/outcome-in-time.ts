/** How a call ended, or that it did not. */
export type Ending<T> =
  | { readonly status: 'answered'; readonly value: T; readonly tookMs: number }
  | { readonly status: 'failed'; readonly error: unknown; readonly tookMs: number }
  | { readonly status: 'silent'; readonly tookMs: number };

/** Waits for a call no longer than `ms`; one that is still under way then counts as silent. */
export async function endingWithin<T>(ms: number, call: Promise<T>): Promise<Ending<T>> {
  const beganAt = performance.now();
  const tookMs = () => performance.now() - beganAt;
  const ended: Promise<Ending<T>> = call.then(
    (value) => ({ status: 'answered', value, tookMs: tookMs() }),
    (error: unknown) => ({ status: 'failed', error, tookMs: tookMs() }),
  );
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<Ending<T>>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'silent', tookMs: tookMs() }), ms);
  });
  const ending = await Promise.race([ended, silence]);
  clearTimeout(timer);
  return ending;
}
