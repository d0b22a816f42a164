import { existsSync } from 'node:fs';
import type { Options } from 'tsup';

/**
 * How every published package is built: ESM and CommonJS, with types for both. What is private
 * to the repository (`@gabion/contract`) is inlined, its types too, so nothing unpublished is
 * ever asked for at run time.
 */
export function base(entry: string[]): Options {
  const inlined = [/^@gabion\/contract(\/|$)/];
  return {
    entry,
    format: ['esm', 'cjs'],
    // `resolve` does not reach sources behind a workspace link; a path does.
    dts: { compilerOptions: { paths: { '@gabion/contract': ['../contract/src/index.ts'] } } },
    noExternal: inlined,
    platform: 'neutral',
    target: 'es2022',
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: false,
    tsconfig: existsSync('tsconfig.json') ? 'tsconfig.json' : '../../tsconfig.base.json',
  };
}
