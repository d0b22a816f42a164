import ts from 'typescript';

/** A module that is only in memory. */
export interface InMemoryModule {
  readonly path: string;
  readonly text: string;
}

/** An error of the compiler; the first line is 0. */
export interface CompileError {
  readonly path: string | undefined;
  readonly line: number;
  readonly message: string;
}

/** How a careful user compiles. */
export const strictNodeNext: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
};

/** What was read from disk, for the next program with the very same options. */
const onDisk = new WeakMap<ts.CompilerOptions, Map<string, ts.SourceFile | undefined>>();

/**
 * Type-checks modules that are in memory, in one program. Whatever they import is resolved on
 * disk as if they lay at their paths, so nothing is written and nothing is left behind.
 */
export function compile(
  modules: readonly InMemoryModule[],
  options: ts.CompilerOptions,
  currentDirectory: string,
): CompileError[] {
  const texts = new Map(modules.map(({ path, text }) => [path, text]));
  const host = ts.createCompilerHost(options, true);
  const read = onDisk.get(options) ?? new Map<string, ts.SourceFile | undefined>();
  onDisk.set(options, read);
  const { fileExists, readFile, getSourceFile } = host;
  host.getCurrentDirectory = () => currentDirectory;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = texts.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, version, true);
    if (!read.has(path)) read.set(path, getSourceFile(path, version, ...rest));
    return read.get(path);
  };
  const program = ts.createProgram({ rootNames: [...texts.keys()], options, host });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => ({
    path: file?.fileName,
    line: file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : 0,
    message: ts.flattenDiagnosticMessageText(messageText, ' '),
  }));
}
