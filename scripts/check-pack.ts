import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BundleSize, bundle } from './pack/bundle.js';
import { install, installJest, useFromJest, useFromNode } from './pack/consumer.js';
import { contentProblems } from './pack/contents.js';
import { attwProblems, publintProblems } from './pack/lints.js';
import { pack, type Tarball } from './pack/tarballs.js';
import { typeProblems } from './pack/types.js';
import { count, type Problem, report } from './problem.js';
import { filesIn, readRepository, root } from './repository.js';

interface Checked {
  readonly sentences: readonly string[];
  readonly size: BundleSize | undefined;
}

const { packages } = readRepository();
const published = packages.filter(({ kind }) => kind !== 'private');
const privateNames = packages.filter(({ kind }) => kind === 'private').map(({ name }) => name);

async function check(tarball: Tarball, all: readonly Tarball[], jest: string): Promise<Checked> {
  const files = filesIn(tarball.dir);
  const { consumer, problems: warnings } = await install(tarball, all, scratch);
  const size = await bundle(consumer);
  const sentences = [
    ...contentProblems(files, privateNames),
    ...(await publintProblems(tarball)),
    ...(await attwProblems(tarball, root)),
    ...warnings,
    ...(await useFromNode(consumer)),
    ...(await useFromJest(consumer, jest)),
    ...typeProblems(consumer, root),
    ...(typeof size === 'string' ? [size] : []),
  ];
  return { sentences, size: typeof size === 'string' ? undefined : size };
}

const scratch = mkdtempSync(join(tmpdir(), 'gabion-pack-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const tarballs: Tarball[] = [];
for (const pkg of published) tarballs.push(await pack(pkg, root, scratch));
const jest = await installJest(scratch);
const problems: Problem[] = [];
for (const tarball of tarballs) {
  const { pkg, sizeBytes } = tarball;
  const { sentences, size } = await check(tarball, tarballs, jest);
  const file = `${pkg.dir}/package.json`;
  problems.push(...sentences.map((sentence) => ({ file, line: 1, sentence })));
  const inBrowser = size
    ? `"." is ${size.minifiedBytes} B minified, ${size.gzippedBytes} B gzipped`
    : '"." has no size';
  const verdict = sentences.length === 0 ? 'clean' : count(sentences.length, 'problem');
  console.log(`${pkg.name}: ${verdict}; ${sizeBytes} B packed; ${inBrowser}`);
}
report('pack', problems, count(published.length, 'package'));
