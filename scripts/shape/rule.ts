import type { Problem } from '../problem.js';
import type { Repository } from '../repository.js';

/** A rule looks at the whole repository and says everything that breaks it. */
export type Rule = (repository: Repository) => Problem[];

/** Says one problem; the first line of the file unless another is meant. */
export function problem(file: string, sentence: string, line = 1): Problem {
  return { file, line, sentence };
}
