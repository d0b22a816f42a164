import { filesLike } from '../repository.js';
import { problem, type Rule } from './rule.js';

/** The kinds of tests that a pattern has; some only where there is something for them to test. */
const kinds: readonly (readonly [name: string, file: RegExp, where: string])[] = [
  ['test/*.property.test.ts', /\/test\/[^/]+\.property\.test\.ts$/, 'src/index.ts'],
  [
    'test/*.conformance.test.ts',
    /\/test\/[^/]+\.conformance[^/]*\.test\.ts$/,
    'src/conformance.ts',
  ],
  ['test/public-api.test.ts', /\/test\/public-api\.test\.ts$/, 'src/index.ts'],
  ['test/parity*.test.ts', /\/test\/[^/]*parity[^/]*\.test\.ts$/, 'src/redis.ts'],
  ['test/faults*.test.ts', /\/test\/faults[^/]*\.test\.ts$/, 'src/redis.ts'],
  ['test/mutants/*.patch', /\/test\/mutants\/[^/]+\.patch$/, 'src/index.ts'],
];

/** Every pattern is tested in every way that the house knows. */
export const testKinds: Rule = (repository) =>
  repository.packages
    .filter(({ kind }) => kind === 'pattern')
    .flatMap(({ dir }) =>
      kinds
        .filter(([, , where]) => repository.files.has(`${dir}/${where}`))
        .filter(([, file]) => {
          const inside = ([path]: [string, string]) => path.startsWith(`${dir}/`);
          return !filesLike(repository, file).some(inside);
        })
        .map(([name]) => problem(`${dir}/${name}`, 'is missing')),
    );
