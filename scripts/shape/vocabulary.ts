import ts from 'typescript';
import { codeWords } from '../markdown.js';
import type { Problem } from '../problem.js';
import { filesLike, type Repository, sourceOf } from '../repository.js';
import { lineOf, walk } from '../syntax.js';
import { problem, type Rule } from './rule.js';

const glossary = 'docs/architecture.md';

/** One vocabulary: every option and every error code is in the glossary, in code type. */
export const vocabulary: Rule = (repository) => {
  const known = codeWords(repository.files.get(glossary) ?? '');
  const published = repository.packages.filter(({ kind }) => kind !== 'private');
  // Its errors and options are inlined into the packages, so users meet them.
  const dirs = [...published.map(({ dir }) => dir), 'packages/contract'];
  return dirs.flatMap((dir) =>
    filesLike(repository, new RegExp(`^${dir}/src/.*\\.ts$`)).flatMap(([path]) =>
      wordsOf(repository, path)
        .filter(({ word }) => !known.has(word))
        .filter(({ word }, index, all) => all.findIndex((one) => one.word === word) === index)
        .map(({ word, what, line }): Problem => {
          return problem(path, `${what} ${word} is not in ${glossary}`, line);
        }),
    ),
  );
};

interface Word {
  readonly word: string;
  readonly what: 'the option' | 'the error code';
  readonly line: number;
}

function wordsOf(repository: Repository, path: string): Word[] {
  return [...walk(sourceOf(repository, path))].flatMap((node): Word[] => {
    if (isOption(node)) {
      return [{ word: node.name.getText(), what: 'the option', line: lineOf(node) }];
    }
    if (ts.isStringLiteral(node) && isErrorCode(node)) {
      return [{ word: node.text, what: 'the error code', line: lineOf(node) }];
    }
    return [];
  });
}

/**
 * A member of an exported `…Options`, at any depth: `refill: { tokens, everyMs }` has three. The
 * methods of an object that an option takes are that object's own business.
 */
function isOption(node: ts.Node): node is ts.PropertySignature | ts.MethodSignature {
  const isMember = ts.isPropertySignature(node) || ts.isMethodSignature(node);
  const owner = isMember ? ts.findAncestor(node, isDeclaration) : undefined;
  if (owner === undefined || !owner.name.text.endsWith('Options')) return false;
  if (ts.isMethodSignature(node) && node.parent !== owner) return false;
  return ts.getModifiers(owner)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
}

function isDeclaration(node: ts.Node): node is ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

/** A word in capitals inside a class called `…Error`, or given to something called `code`. */
function isErrorCode(node: ts.StringLiteral): boolean {
  if (!/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(node.text) || node.text.length < 4) return false;
  const owner = ts.findAncestor(node, ts.isClassDeclaration);
  if (owner?.name?.text.endsWith('Error')) return true;
  const { parent } = node;
  return ts.isPropertyAssignment(parent) && parent.name.getText() === 'code';
}
