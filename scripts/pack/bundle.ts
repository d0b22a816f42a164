import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Consumer } from './consumer.js';

/** What is used of esbuild: the one that tsup builds with, so there is no second version. */
interface Esbuild {
  build(options: Readonly<Record<string, unknown>>): Promise<{
    readonly outputFiles: readonly { readonly contents: Uint8Array; readonly text: string }[];
  }>;
}

/** The size of `"."` in a browser. */
export interface BundleSize {
  readonly minifiedBytes: number;
  readonly gzippedBytes: number;
}

/** Bundles `"."` for a browser, where nothing of Node can be resolved. */
export async function bundle({ pkg, dir }: Consumer): Promise<BundleSize | string> {
  const require = createRequire(import.meta.url);
  const esbuild = createRequire(require.resolve('tsup'))('esbuild') as Esbuild;
  try {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: `export * from '${pkg.name}';`, resolveDir: dir },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      logLevel: 'silent',
    });
    const contents = outputFiles[0]?.contents ?? new Uint8Array();
    if (/["']node:/.test(outputFiles[0]?.text ?? '')) return 'its browser bundle mentions node:';
    return { minifiedBytes: contents.length, gzippedBytes: gzipSync(contents).length };
  } catch (error) {
    return `"." cannot be bundled for a browser: ${(error as Error).message}`;
  }
}
