/** Whether a call failed that may have taken effect. */
export function isUnknown(error: unknown): boolean {
  return (error as { effect?: unknown } | undefined)?.effect === 'unknown';
}

/** Asks, and once more when the reply was lost: every verb of a store may be said twice. */
export async function ask<T>(verb: () => Promise<T>): Promise<T> {
  try {
    return await verb();
  } catch (error) {
    if (!isUnknown(error)) throw error;
    return verb();
  }
}
