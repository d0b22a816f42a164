import { configs } from './configs.js';
import { documentation } from './documentation.js';
import { environment } from './environment.js';
import { withoutExempted } from './exemptions.js';
import { namedExports } from './exports.js';
import { imports } from './imports.js';
import { layout } from './layout.js';
import { lock } from './lock.js';
import { manifests } from './manifests.js';
import { promises } from './promises.js';
import { readmes } from './readmes.js';
import type { Rule } from './rule.js';
import { sizes } from './sizes.js';
import { testKinds } from './tests.js';
import { vocabulary } from './vocabulary.js';
import { words } from './words.js';

const rules: readonly Rule[] = [
  layout,
  sizes,
  configs,
  manifests,
  namedExports,
  imports,
  lock,
  words,
  environment,
  vocabulary,
  testKinds,
  promises,
  readmes,
  documentation,
];

/** Everything in which a repository is not of the house's shape, but for what needs a process. */
export const problemsIn: Rule = (repository) =>
  withoutExempted(
    repository,
    rules.flatMap((rule) => rule(repository)),
  );
