import ts from 'typescript';
import { filesLike, sourceOf } from '../repository.js';
import { lineOf, walk } from '../syntax.js';
import { problem, type Rule } from './rule.js';

/** Vitest demands a default export of a setup module; they live in the testkit alone. */
const setupModule = /^packages\/testkit\/src\/[^/]*setup\.ts$/;

/** Exports are named one by one: a reader finds where each comes from. */
export const namedExports: Rule = (repository) =>
  filesLike(repository, /^packages\/[^/]+\/src\/.*\.ts$/).flatMap(([path]) =>
    [...walk(sourceOf(repository, path))].flatMap((node) => {
      if (isStarExport(node)) return [problem(path, 'exports *; name each export', lineOf(node))];
      if (isDefaultExport(node) && !setupModule.test(path)) {
        return [problem(path, 'has a default export; give it a name', lineOf(node))];
      }
      return [];
    }),
  );

function isStarExport(node: ts.Node): boolean {
  if (!ts.isExportDeclaration(node)) return false;
  return node.exportClause === undefined || ts.isNamespaceExport(node.exportClause);
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  const isDefault = ({ kind }: ts.ModifierLike) => kind === ts.SyntaxKind.DefaultKeyword;
  return ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(isDefault) === true;
}
