import { spawnSync } from 'node:child_process';
import { mutantsOf } from './mutant-patch.js';
import { count, type Problem, report } from './problem.js';
import { type Repository, readRepository, root } from './repository.js';
import { problem } from './shape/rule.js';
import { problemsIn } from './shape/rules.js';

/** A patch that no longer applies kills nothing, and says so only when the mutants are run. */
function staleMutants(repository: Repository): Problem[] {
  return mutantsOf(repository).flatMap(({ path }) => {
    const check = spawnSync('git', ['apply', '--check', path], { cwd: root, encoding: 'utf8' });
    if (check.status === 0) return [];
    const why = check.error?.message ?? check.stderr.trim().split('\n')[0];
    return [problem(path, `does not apply: ${why}`)];
  });
}

const repository = readRepository();
const problems = [...problemsIn(repository), ...staleMutants(repository)];
report('shape', problems, count(repository.files.size, 'file'));
