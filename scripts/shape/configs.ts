import type { Problem } from '../problem.js';
import { filesLike } from '../repository.js';
import { problem, type Rule } from './rule.js';

/** Each kind of config file, and how it names its base. */
const bases: readonly (readonly [file: RegExp, base: RegExp])[] = [
  [/\/tsconfig\.json$/, /"extends": "(\.\.\/)+tsconfig\.base\.json"/],
  [/\/typedoc\.json$/, /"extends": \[?\s*"(\.\.\/)+typedoc\.base\.json"/],
  [/\/tsup\.config\.ts$/, /from '(\.\.\/)+tsup\.base\.js'/],
  [/\/vitest\.config\.ts$/, /from '(\.\.\/)+vitest\.base\.js'/],
];

const mostOwnLines = 5;

/** What every config file consists of and therefore does not count. */
const notOwn = [
  /^$/,
  /^[{}[\]();,]+$/,
  /^(\/\/|\/?\*)/,
  /^"(\$schema|extends)":/,
  /^import .* from '[^']+';$/,
  /^export default \w+\(.*\);$|^export default \w+\([[{(]*$/,
];

/**
 * Every config file is its base and at most five lines of its own. A line is its own unless it is
 * blank, a comment, brackets, an import, `extends`, or the line that exports the result.
 */
export const configs: Rule = (repository) =>
  filesLike(repository, /^(packages\/[^/]+|examples\/[^/]+|scripts)\/[^/]+\.(json|ts)$/).flatMap(
    ([path, text]) => {
      const base = bases.find(([file]) => file.test(path))?.[1];
      return base === undefined ? [] : [...withoutBase(path, text, base), ...tooLong(path, text)];
    },
  );

function withoutBase(path: string, text: string, base: RegExp): Problem[] {
  return base.test(text) ? [] : [problem(path, 'does not build on the base at the root')];
}

function tooLong(path: string, text: string): Problem[] {
  const own = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !notOwn.some((pattern) => pattern.test(line)));
  if (own.length <= mostOwnLines) return [];
  return [problem(path, `has ${own.length} lines beside its base; ${mostOwnLines} is the most`)];
}
