import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../child.js';
import type { Package } from '../packages.js';

/** A package as its users receive it. */
export interface Tarball {
  readonly pkg: Package;
  /** The packed file. */
  readonly file: string;
  /** Where it is unpacked. */
  readonly dir: string;
  readonly sizeBytes: number;
}

/** Packs a package, as `npm publish` would, and unpacks what came out. */
export async function pack(pkg: Package, root: string, scratch: string): Promise<Tarball> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch];
  const { stdout } = await must('npm', args, join(root, pkg.dir));
  const [packed] = JSON.parse(stdout) as { filename: string; size: number }[];
  if (packed === undefined) throw new Error(`npm pack said nothing about ${pkg.name}`);
  const file = join(scratch, packed.filename);
  const dir = join(scratch, 'unpacked', pkg.folder);
  mkdirSync(dir, { recursive: true });
  await must('tar', ['-xzf', file, '-C', dir, '--strip-components=1'], scratch);
  return { pkg, file, dir, sizeBytes: packed.size };
}

/** Runs a command that has no reason to fail. */
export async function must(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ stdout: string; stderr: string }> {
  const { status, stdout, stderr } = await run(command, args, { cwd, env: ownEnvironment() });
  if (status === 0) return { stdout, stderr };
  throw new Error(`${command} ${args.join(' ')} ended in ${status}\n${stdout}\n${stderr}`);
}

/** What `npm run` tells its scripts about this repository is not true of a user's project. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const aboutThisRun =
    /^(npm_(lifecycle|package|command|config_(local_prefix|workspace))|INIT_CWD)/;
  const kept = Object.entries(process.env).filter(([name]) => !aboutThisRun.test(name));
  return Object.fromEntries(kept);
}
