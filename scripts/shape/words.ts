import ts from 'typescript';
import type { Problem } from '../problem.js';
import { filesLike, type Repository, sourceOf } from '../repository.js';
import { lineOf, walk } from '../syntax.js';
import { problem, type Rule } from './rule.js';

const notRun = new Set(['only', 'skip', 'todo', 'skipIf', 'runIf']);
const unfinished = /\b(TODO|FIXME|XXX|HACK)\b/;

/** Words that mean "not now": nothing is skipped silently, nothing is left for later unsaid. */
export const words: Rule = (repository) => [
  ...testsNotRun(repository),
  ...filesLike(repository, /^(packages\/[^/]+\/src|examples)\/.*\.ts$/).flatMap(([path, text]) =>
    text.split('\n').flatMap((line, index) => {
      const word = unfinished.exec(line)?.[1];
      return word === undefined
        ? []
        : [problem(path, `says ${word}; finish it or say why not`, index + 1)];
    }),
  ),
];

function testsNotRun(repository: Repository): Problem[] {
  return filesLike(repository, /\.test\.ts$/).flatMap(([path]) =>
    [...walk(sourceOf(repository, path))].flatMap((node) => {
      const word = wordIn(node);
      if (word === undefined) return [];
      return [problem(path, `${word}: every test runs; mend it or delete it`, lineOf(node))];
    }),
  );
}

/** `it.skip(…)`, `describe.only.each(…)`, `context.skip()`, `it('…', { todo: true }, …)`. */
function wordIn(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && notRun.has(node.name.text)) {
    const isTest = /^(it|test|describe|suite|bench|context|ctx)$/.test(leftmost(node.expression));
    return isTest ? `.${node.name.text}` : undefined;
  }
  if (!ts.isPropertyAssignment(node) || !ts.isCallExpression(node.parent.parent)) return undefined;
  const isTest = /^(it|test|describe|suite)$/.test(leftmost(node.parent.parent.expression));
  return isTest && notRun.has(node.name.getText()) ? node.name.getText() : undefined;
}

function leftmost(expression: ts.Expression): string {
  if (ts.isPropertyAccessExpression(expression)) return leftmost(expression.expression);
  if (ts.isCallExpression(expression)) return leftmost(expression.expression);
  return expression.getText();
}
