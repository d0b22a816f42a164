import ts from 'typescript';
import type { Package } from './packages.js';
import { filesLike, type Repository, sourceOf } from './repository.js';
import { lineOf, walk } from './syntax.js';

/** A law as it stands in a package's source. */
export interface LawName {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** The laws of a package: each `{ name: '…', check }` in its source, conformance.ts first. */
export function lawsOf(repository: Repository, { dir }: Package): LawName[] {
  const entry = `${dir}/src/conformance.ts`;
  const sources = filesLike(repository, new RegExp(`^${dir}/src/.*\\.ts$`)).map(([path]) => path);
  sources.sort((a, b) => Number(b === entry) - Number(a === entry));
  return sources.flatMap((file) =>
    [...walk(sourceOf(repository, file))].flatMap((node) => {
      const name = lawIn(node);
      return name === undefined ? [] : [{ name, file, line: lineOf(node) }];
    }),
  );
}

function lawIn(node: ts.Node): string | undefined {
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const member = (name: string) => node.properties.find((one) => one.name?.getText() === name);
  const name = member('name');
  if (member('check') === undefined || name === undefined) return undefined;
  if (!ts.isPropertyAssignment(name) || !ts.isStringLiteralLike(name.initializer)) return undefined;
  return name.initializer.text;
}
