import { inOrder } from '../problem.js';
import { repositoryOf } from '../repository.js';
import { problemsIn } from '../shape/rules.js';

/** What becomes of a file: a new text, a change of the old one, or nothing at all. */
export type Change = string | ((text: string) => string) | undefined;

/** What the rules say of a repository that is sound but for these files. */
export function problemsAfter(changes: Readonly<Record<string, Change>>): string[] {
  const files = new Map(Object.entries(sound));
  for (const [path, change] of Object.entries(changes)) {
    const text = typeof change === 'function' ? change(files.get(path) ?? '') : change;
    if (text === undefined) files.delete(path);
    else files.set(path, text);
  }
  const repository = repositoryOf(files);
  const problems = inOrder(problemsIn(repository));
  return problems.map(({ file, line, sentence }) => `${file}:${line}: ${sentence}`);
}

/** Changes a JSON file by what is to be put over its members. */
export function over(members: Readonly<Record<string, unknown>>): Change {
  return (text) => JSON.stringify({ ...JSON.parse(text), ...members });
}

/** The file `saga.ts` of the pattern, with lines of one's own. */
export const saga = 'packages/saga/src/saga.ts';

function published(folder: string, entries: readonly string[], more: object = {}): string {
  const condition = (entry: string, types: string, js: string) => ({
    types: `./dist/${entry}.${types}`,
    default: `./dist/${entry}.${js}`,
  });
  const exports = entries.map((entry) => [
    entry === 'index' ? '.' : `./${entry}`,
    { import: condition(entry, 'd.ts', 'js'), require: condition(entry, 'd.cts', 'cjs') },
  ]);
  return JSON.stringify({
    name: `@gabion/${folder}`,
    version: '0.0.0',
    description: 'One sentence.',
    license: 'MIT',
    repository: { type: 'git', directory: `packages/${folder}` },
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    files: ['dist', 'src'],
    exports: { ...Object.fromEntries(exports), './package.json': './package.json' },
    publishConfig: { access: 'public', provenance: true },
    ...more,
  });
}

function configs(folder: string, entries: readonly string[]): Record<string, string> {
  const dir = `packages/${folder}`;
  const base = (tool: string) => `import { base } from '../../${tool}.base.js';\n`;
  const extend = (tool: string, more: string) =>
    `{\n  "extends": ["../../${tool}.base.json"],\n  ${more}\n}\n`;
  const others = `"src/@(${entries.slice(1).join('|')}).ts"`;
  return {
    [`${dir}/LICENSE`]: 'MIT',
    [`${dir}/tsconfig.json`]: '{\n  "extends": "../../tsconfig.base.json"\n}\n',
    [`${dir}/tsup.config.ts`]: `${base('tsup')}export default base([]);\n`,
    [`${dir}/vitest.config.ts`]: `${base('vitest')}export default base();\n`,
    [`${dir}/typedoc.json`]: extend('typedoc', `"entryPoints": ["src/index.ts", ${others}]`),
  };
}

const diagram = '```mermaid\nsequenceDiagram\n```\n';

const sagaReadme = `# @gabion/saga

It runs steps.

## The problem
## Install
## Quick start
\`\`\`ts
createSaga();
\`\`\`
## Guarantees
## Not guaranteed, and when not to use it
## API
## Options and defaults
## When things fail
${diagram}${diagram}
## Testing your code
## Coming from others
## References
`;

const clockReadme = `# @gabion/clock

It tells the time.

## Install
## Quick start
\`\`\`ts
systemClock.now();
\`\`\`
## API
## Not guaranteed
`;

const contractManifest = {
  name: '@gabion/contract',
  private: true,
  exports: { '.': './src/index.ts' },
};

const lock = {
  packages: {
    '': { name: 'gabion' },
    'node_modules/turbo': {
      integrity: 'sha512-a',
      optionalDependencies: { '@turbo/linux-64': '2.11.9' },
    },
    'node_modules/@turbo/linux-64': { integrity: 'sha512-b', optional: true },
    'node_modules/@gabion/saga': { resolved: 'packages/saga', link: true },
  },
};

const sound: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'gabion', devDependencies: { vitest: '^4' } }),
  'package-lock.json': JSON.stringify(lock, null, 2),
  'turbo.json': JSON.stringify({ tasks: { test: { env: ['REDIS_URL'] } } }),
  'typedoc.json': JSON.stringify({ exclude: ['packages/contract'] }),
  'docs/architecture.md': '`stepMs` `observer` `SAGA_STUCK`',
  'docs/decisions/0001-flat.md': '# Flat\n',
  ...configs('saga', ['index', 'conformance']),
  'packages/saga/package.json': published('saga', ['index', 'conformance'], {
    peerDependencies: { ioredis: '^6' },
    dependencies: { '@gabion/clock': '^0.0.0' },
    devDependencies: { '@gabion/contract': '*' },
  }),
  'packages/saga/README.md': sagaReadme,
  'packages/saga/src/index.ts': `export { createSaga } from './saga.js';\n`,
  [saga]: `import { systemClock } from '@gabion/clock';
/** How. */
export interface SagaOptions { stepMs?: number; observer?: { ended?(): void } }
/** Makes one. */
export function createSaga() { return systemClock; }
/** Stuck. */
export class SagaStuckError extends Error { code = 'SAGA_STUCK'; }
`,
  'packages/saga/src/conformance.ts': `export const laws = [
  { name: 'a step runs once', check() {} },
];
`,
  'packages/saga/test/public-api.test.ts': '',
  'packages/saga/test/memory.conformance.test.ts': `
for (const law of laws) it(law.name, () => law.check());`,
  'packages/saga/test/saga.property.test.ts': `describe('1. Once', () => {
  it('runs each step once', () => {});
  it.each([1])('runs %i steps', () => {});
});`,
  'packages/saga/test/mutants/twice.patch': `It runs twice.
Kills: test/saga.property.test.ts > 1. Once > runs each step once

--- a/packages/saga/src/saga.ts
+++ b/packages/saga/src/saga.ts
@@ -1 +1 @@
`,
  ...configs('clock', ['index']),
  'packages/clock/package.json': published('clock', ['index']),
  'packages/clock/README.md': clockReadme,
  'packages/clock/src/index.ts': `export { systemClock } from './clock.js';\n`,
  'packages/clock/src/clock.ts': 'export const systemClock = { now: () => 0 };\n',
  'packages/contract/package.json': JSON.stringify(contractManifest),
  'packages/contract/README.md': '# Contract\n',
  'packages/contract/tsconfig.json': '{\n"extends": "../../tsconfig.base.json"\n}\n',
  'packages/contract/vitest.config.ts': `import { base } from '../../vitest.base.js';\n`,
  'packages/contract/src/index.ts': 'export const contract = 1;\n',
  'examples/01-saga/package.json': '{}',
  'examples/01-saga/README.md': '# Saga\n',
  'examples/01-saga/main.ts': 'export {};\n',
};
