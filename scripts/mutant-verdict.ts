import type { NamedTest } from './mutant-patch.js';
import { flatName } from './test-names.js';

/** What Vitest's JSON reporter says, as far as it is read. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

/** How one named test ended. `absent`: it was not there, or did not run. */
export type TestEnding = 'passed' | 'failed' | 'absent' | 'timeout';

/** What a mutant's run comes to; only `killed` is good. */
export type Verdict = 'killed' | 'lives' | 'error';

/** The ending of the test that is meant, and of no other. */
export function endingOf(report: VitestReport | undefined, { name }: NamedTest): TestEnding {
  const results = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
  const meant = results.find(
    ({ ancestorTitles, title }) => flatName([...ancestorTitles, title]) === flatName(name),
  );
  return meant?.status === 'passed' || meant?.status === 'failed' ? meant.status : 'absent';
}

/** A test that did not run proves nothing; one that hangs proves only what was foretold. */
export function verdictOf(ending: TestEnding, killsByTimeout: boolean): Verdict {
  if (ending === 'passed') return 'lives';
  if (ending === 'absent') return 'error';
  if (ending === 'timeout') return killsByTimeout ? 'killed' : 'error';
  return 'killed';
}

/** What the verdict means, for whoever has to mend it. */
export function explain(ending: TestEnding, { file, name }: NamedTest): string {
  if (ending === 'passed') return `lives: "${name}" in ${file} stays green`;
  if (ending === 'absent') return `error: "${name}" in ${file} was not found or did not run`;
  if (ending === 'timeout') return `error: "${name}" in ${file} ran out of time`;
  return `killed by "${name}"`;
}
