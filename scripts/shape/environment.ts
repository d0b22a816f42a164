import ts from 'typescript';
import type { Problem } from '../problem.js';
import { filesLike, type Repository, sourceOf } from '../repository.js';
import { lineOf, walk } from '../syntax.js';
import { problem, type Rule } from './rule.js';

const readByTests = /^packages\/([^/]+\/test|testkit\/src)\/.*\.ts$|^vitest\.base\.ts$/;

/** A variable that turbo does not know of is not passed on, and does not spoil its cache. */
export const environment: Rule = (repository) => {
  const declared = declaredIn(repository);
  return filesLike(repository, readByTests).flatMap(([path]) =>
    [...walk(sourceOf(repository, path))].flatMap((node): Problem[] => {
      const name = variableIn(node);
      if (name === undefined || declared.has(name)) return [];
      const sentence = `reads ${name}, which the task "test" in turbo.json does not declare`;
      return [problem(path, sentence, lineOf(node))];
    }),
  );
};

function declaredIn({ files }: Repository): Set<string> {
  const turbo = JSON.parse(files.get('turbo.json') ?? '{}') as {
    globalEnv?: string[];
    globalPassThroughEnv?: string[];
    tasks?: { test?: { env?: string[]; passThroughEnv?: string[] } };
  };
  const { env = [], passThroughEnv = [] } = turbo.tasks?.test ?? {};
  const everywhere = [...(turbo.globalEnv ?? []), ...(turbo.globalPassThroughEnv ?? [])];
  // PATH and HOME are in every process's environment; turbo passes them on by itself.
  return new Set([...env, ...passThroughEnv, ...everywhere, 'PATH', 'HOME']);
}

function variableIn(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'process.env') {
    return node.name.text;
  }
  if (!ts.isElementAccessExpression(node) || node.expression.getText() !== 'process.env') {
    return undefined;
  }
  const { argumentExpression: name } = node;
  return ts.isStringLiteralLike(name) ? name.text : undefined;
}
