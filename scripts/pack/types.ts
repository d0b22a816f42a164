import { join } from 'node:path';
import ts from 'typescript';
import { compile } from '../compile.js';
import type { Consumer } from './consumer.js';

/** The strictest reader of declarations: it checks ours too, not only the user's code. */
const strict: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: false,
};

const nodeNext: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};

const bundler: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

/** Type-checks a user of every entry, in each module system, and of `"."` where Node is not. */
export function typeProblems({ dir, pkg, specifiers }: Consumer, root: string): string[] {
  const withNode = { types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };
  const withoutNode = { types: [], lib: [...(strict.lib ?? []), 'lib.dom.d.ts'] };
  const checks = [
    { file: 'use.mts', all: specifiers, options: { ...nodeNext, ...withNode } },
    { file: 'use.cts', all: specifiers, options: { ...nodeNext, ...withNode } },
    { file: 'use.ts', all: specifiers, options: { ...bundler, ...withNode } },
    { file: 'browser.ts', all: [pkg.name], options: { ...bundler, ...withoutNode } },
  ];
  return checks.flatMap(({ file, all, options }) => {
    const text = all.map((one, index) => `export * as entry${index} from '${one}';`).join('\n');
    return compile([{ path: join(dir, file), text }], { ...strict, ...options }, dir).map(
      ({ path, line, message }) => {
        const where = path?.replace(`${dir}/`, '') ?? file;
        return `types, for ${file}: ${where}:${line + 1}: ${message}`;
      },
    );
  });
}
