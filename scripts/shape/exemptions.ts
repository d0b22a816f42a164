import type { Problem } from '../problem.js';
import { filesLike, type Repository } from '../repository.js';
import { problem } from './rule.js';

/**
 * Where a rule makes the code worse it is broken, and a decision record says why. A line of the
 * record then names the file and how the problem begins:
 * `Exempt from shape: packages/a/src/b.ts: a function has`. One that is not needed is a problem.
 */
export function withoutExempted(repository: Repository, problems: readonly Problem[]): Problem[] {
  const exemptions = exemptionsIn(repository);
  const left = problems.filter((one) => !exemptions.some((exemption) => exemption.covers(one)));
  const idle = exemptions.filter((exemption) => !problems.some((one) => exemption.covers(one)));
  return [
    ...left,
    ...idle.map(({ record, line }) =>
      problem(record, 'exempts from shape what is no problem', line),
    ),
  ];
}

interface Exemption {
  readonly record: string;
  readonly line: number;
  covers(problem: Problem): boolean;
}

function exemptionsIn(repository: Repository): Exemption[] {
  return filesLike(repository, /^docs\/decisions\/.*\.md$/).flatMap(([record, text]) =>
    text.split('\n').flatMap((one, index) => {
      const [, path, start] = /^Exempt from shape: (\S+): (.+?)\s*$/.exec(one) ?? [];
      if (path === undefined || start === undefined) return [];
      const covers = ({ file, sentence }: Problem) => file === path && sentence.startsWith(start);
      return [{ record, line: index + 1, covers }];
    }),
  );
}
