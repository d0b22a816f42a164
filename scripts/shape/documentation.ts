import { entriesOf } from '../packages.js';
import type { Problem } from '../problem.js';
import { problem, type Rule } from './rule.js';

interface TypedocConfig {
  readonly entryPoints?: readonly string[];
  readonly exclude?: readonly string[];
}

/** TypeDoc sees every entry of every published package, and nothing that is private. */
export const documentation: Rule = ({ files, packages }) => {
  const read = (path: string): TypedocConfig => JSON.parse(files.get(path) ?? '{}');
  const { exclude = [] } = read('typedoc.json');
  const found: Problem[] = [];
  for (const { dir, kind, name, manifest } of packages) {
    if (exclude.includes(dir) !== (kind === 'private')) {
      const sentence = kind === 'private' ? `does not exclude ${dir}` : `excludes ${dir}`;
      found.push(problem('typedoc.json', sentence));
    }
    const path = `${dir}/typedoc.json`;
    if (kind === 'private' || !files.has(path)) continue;
    const entryPoints = (read(path).entryPoints ?? []).flatMap(alternatives);
    if (entryPoints[0] !== 'src/index.ts') {
      const why = 'what two entries export is documented under the first';
      found.push(problem(path, `does not begin with src/index.ts: ${why}`));
    }
    for (const { entry, source } of entriesOf(manifest)) {
      if (source === undefined || entryPoints.includes(source)) continue;
      found.push(problem(path, `lacks ${source}, the entry "${entry}" of ${name}`));
    }
  }
  return found;
};

/** `src/@(redis|http).ts` stands for both. (TypeDoc cannot walk a glob in braces.) */
function alternatives(glob: string): string[] {
  const [, before = '', inside, after = ''] = /^(.*)@\((.*)\)(.*)$/.exec(glob) ?? [];
  return inside?.split('|').map((one) => before + one + after) ?? [glob];
}
