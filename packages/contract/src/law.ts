/**
 * One promise of a store, as data: its name is a sentence, its check rejects when the subject
 * breaks it. Laws need no test runner:
 * `for (const law of laws) test(law.name, () => law.check(subject))`.
 */
export interface Law<Subject> {
  /** The promise, as a sentence. */
  readonly name: string;
  /** Resolves when the subject keeps the promise; rejects with an assertion error when not. */
  check(subject: Subject): Promise<void>;
}
