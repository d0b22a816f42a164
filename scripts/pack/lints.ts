import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { run } from '../child.js';
import type { Manifest } from '../packages.js';
import type { Tarball } from './tarballs.js';

/** What publint says of a tarball, its suggestions included. */
export async function publintProblems({ dir, pkg }: Tarball): Promise<string[]> {
  const { messages } = await publint({ pkgDir: dir, pack: false, strict: true });
  const manifest = pkg.manifest as Manifest & Record<string, unknown>;
  return messages.map(
    (message) => `publint: ${formatMessage(message, manifest, { color: false })}`,
  );
}

/** What "are the types wrong?" says; only `node10`, which knows no `exports`, is let off. */
export async function attwProblems({ file }: Tarball, root: string): Promise<string[]> {
  const cli = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  const args = [cli, file, '--profile', 'node16', '--no-color', '--no-emoji'];
  const { status, stdout, stderr } = await run(process.execPath, args, { cwd: root });
  return status === 0 ? [] : [`attw: ${stdout.trim()}\n${stderr.trim()}`];
}
