/**
 * Tells an observer what happened. An observer that throws, or whose promise rejects, cannot
 * break the pattern it observes: what it throws is dropped.
 */
export function notify<Observer extends object, Name extends keyof Observer>(
  observer: Observer | undefined,
  name: Name,
  event: Observer[Name] extends ((event: infer Event) => unknown) | undefined ? Event : never,
): void {
  if (observer === undefined) return;
  try {
    const listener = observer[name] as ((event: unknown) => unknown) | undefined;
    const heard = listener?.call(observer, event);
    if (heard instanceof Promise) heard.catch(() => {});
  } catch {
    // An observer's mistake is the observer's own.
  }
}
