import ts from 'typescript';
import { parse } from './repository.js';
import type { Page, Snippet } from './snippets.js';

/** A module to compile, and where each of its lines comes from. */
export interface Module {
  readonly path: string;
  readonly text: string;
  readonly file: string;
  /** The page's line for each line of the text; none for lines that no reader sees. */
  readonly pageLines: readonly (number | undefined)[];
}

/** The modules of all pages. The names are flat, so that all resolve from the same folder. */
export function modulesOf(pages: readonly Page[], dir: string): Module[] {
  const modules = new Map<string, Module>();
  const stem = (file: string) => `${dir}/${file.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
  for (const { file, snippets, prelude } of pages) {
    const names = prelude === undefined ? [] : declaredIn(prelude.text);
    const shared = `${stem(prelude?.file ?? file)}-prelude`;
    if (prelude !== undefined) {
      const lines = [...prelude.text.split('\n'), `export { ${names.join(', ')} };`];
      const pageLines = lines.map((_, index) => prelude.line + index);
      const path = `${shared}.mts`;
      modules.set(path, { path, text: lines.join('\n'), file: prelude.file, pageLines });
    }
    for (const [index, snippet] of snippets.entries()) {
      const path = `${stem(file)}-${index + 1}.mts`;
      modules.set(path, moduleOf(snippet, names, `${shared}.mjs`, path));
    }
  }
  return [...modules.values()];
}

/** A snippet takes from the prelude what it does not declare itself: it may show how. */
function moduleOf(snippet: Snippet, names: string[], prelude: string, path: string): Module {
  const own = new Set(declaredIn(snippet.lines.join('\n')));
  const taken = names.filter((name) => !own.has(name));
  const before = taken.length === 0 ? [] : [`import { ${taken.join(', ')} } from '${prelude}';`];
  const lines = [...before, ...snippet.lines, 'export {};'];
  const pageLines = [...before.map(() => undefined), ...snippet.pageLines, undefined];
  return { path, text: lines.join('\n'), file: snippet.file, pageLines };
}

/** The names that a module declares or imports at its top level. */
export function declaredIn(text: string): string[] {
  const names: string[] = [];
  const bind = (name: ts.BindingName) => {
    if (ts.isIdentifier(name)) names.push(name.text);
    else for (const part of name.elements) if (ts.isBindingElement(part)) bind(part.name);
  };
  for (const statement of parse('names.mts', text).statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) bind(name);
    } else if (ts.isImportDeclaration(statement)) names.push(...importedBy(statement));
    else if (ts.isDeclarationStatement(statement) && statement.name !== undefined) {
      names.push(statement.name.text);
    }
  }
  return [...new Set(names)];
}

function importedBy({ importClause }: ts.ImportDeclaration): string[] {
  const bindings = importClause?.namedBindings;
  const named =
    bindings === undefined
      ? []
      : ts.isNamespaceImport(bindings)
        ? [bindings.name]
        : bindings.elements.map(({ name }) => name);
  return [importClause?.name, ...named].flatMap((name) => name?.text ?? []);
}
