import ts from 'typescript';

/** The line a node begins on, its doc comment apart; the first is 1. */
export function lineOf(node: ts.Node): number {
  return lineAt(node.getSourceFile(), node.getStart());
}

/** The line of a position; the first is 1. */
export function lineAt(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}

/** A node and everything in it, in the order of the text. */
export function* walk(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* walk(child);
}

/** One mention of another module. */
export interface ModuleMention {
  readonly specifier: string;
  readonly line: number;
  /** True when it leaves no trace at run time. */
  readonly typeOnly: boolean;
}

/** Every module that a file mentions: imports, re-exports, `import()` and `import('…').Type`. */
export function mentionsOf(source: ts.SourceFile): ModuleMention[] {
  const mentions: ModuleMention[] = [];
  for (const node of walk(source)) {
    const [specifier, typeOnly] = mentionIn(node);
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      mentions.push({ specifier: specifier.text, line: lineOf(node), typeOnly });
    }
  }
  return mentions;
}

// `import { type A }` is kept at run time under verbatimModuleSyntax: only `import type` is not.
function mentionIn(node: ts.Node): [specifier: ts.Node | undefined, typeOnly: boolean] {
  if (ts.isImportDeclaration(node)) {
    return [node.moduleSpecifier, node.importClause?.isTypeOnly === true];
  }
  if (ts.isExportDeclaration(node)) return [node.moduleSpecifier, node.isTypeOnly];
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return [node.argument.literal, true];
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return [node.arguments[0], false];
  }
  return [undefined, true];
}
