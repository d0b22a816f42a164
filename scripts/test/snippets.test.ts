import { describe, expect, it } from 'vitest';
import { compile, strictNodeNext } from '../compile.js';
import { root } from '../repository.js';
import { declaredIn, modulesOf } from '../snippet-modules.js';
import { type Page, readDocComments, readPage } from '../snippets.js';

const page = (...lines: string[]) =>
  readPage('README.md', lines.join('\n').replaceAll("'''", '```'));

/** Where the compiler finds fault with a page, as the page's own lines. */
function faults(...pages: Page[]): string[] {
  const modules = modulesOf(pages, root);
  return compile(modules, strictNodeNext, root).map(({ path, line, message }) => {
    const module = modules.find((one) => one.path === path);
    return `${module?.file}:${module?.pageLines[line]}: ${message}`;
  });
}

describe('a page', () => {
  it('is compiled block by block, each a module of its own', () => {
    const text = ["'''ts", 'const a = 1;', "'''", "'''ts", 'const a = 2;', "'''"];
    expect(faults(page(...text))).toEqual([]);
  });

  it('goes on with the block before where it says so', () => {
    const twice = ["'''ts", 'const a = 1;', "'''", "'''ts continued", 'a.b;', "'''"];
    expect(faults(page(...twice))).toEqual([
      "README.md:5: Property 'b' does not exist on type '1'.",
    ]);
  });

  it('is strict, and knows Node', () => {
    const text = ["'''ts", "import { EOL } from 'node:os';", 'const f = (a) => EOL;', "'''"];
    expect(faults(page(...text))).toEqual([
      "README.md:3: Parameter 'a' implicitly has an 'any' type.",
    ]);
  });

  it('takes from its prelude what a block does not declare itself', () => {
    const prelude = ['<!-- snippet-prelude', 'declare const a: number;', '-->'];
    const blocks = ["'''ts", 'a.b;', "'''", "'''ts", 'const a = { b: 1 };', 'a.b;', "'''"];
    expect(faults(page(...prelude, ...blocks))).toEqual([
      "README.md:5: Property 'b' does not exist on type 'number'.",
    ]);
  });

  it('shows faults of the prelude where it stands', () => {
    const text = ['# A', '<!-- snippet-prelude', 'declare const a: Missing;', '-->'];
    expect(faults(page(...text))).toEqual(["README.md:3: Cannot find name 'Missing'."]);
  });

  it.each(['ts ignore', 'ts twoslash', 'typescript', 'js', 'cjs', 'tsx'])(
    'cannot hide a block as "%s"',
    (info) => {
      expect(page('', `'''${info}`, "'''").problems.map(({ line }) => line)).toEqual([2]);
    },
  );

  it('cannot continue what never began', () => {
    expect(page("'''ts continued", "'''").problems).toHaveLength(1);
  });

  it('may hold blocks in other languages', () => {
    const { snippets, problems } = page("'''bash", 'npm ci', "'''", '~~~mermaid', '~~~');
    expect([snippets, problems]).toEqual([[], []]);
  });
});

describe('a doc comment', () => {
  const source = [
    `const notAComment = '/** */';`,
    '/**',
    ' * It waits.',
    ' *',
    ' * @example',
    ' * ```ts',
    ' * wait.later;',
    ' * ```',
    ' */',
    'export const wait = notAComment;',
  ].join('\n');

  it('is compiled too, and shares the prelude of the README', () => {
    const readme = page('<!-- snippet-prelude', 'declare const wait: string;', '-->');
    expect(faults(readme, readDocComments('src/wait.ts', source, readme.prelude))).toEqual([
      "src/wait.ts:7: Property 'later' does not exist on type 'string'.",
    ]);
  });

  it('does not compile without what it leans on', () => {
    expect(faults(readDocComments('src/wait.ts', source))).toEqual([
      "src/wait.ts:7: Cannot find name 'wait'.",
    ]);
  });
});

it('a module declares its variables, functions, types and imports', () => {
  const text = `import a, { b as c } from 'x';
import * as d from 'y';
const { e, f: [g] } = h();
function i() { const j = 1; }
type K = 1;`;
  expect(declaredIn(text)).toEqual(['a', 'c', 'd', 'e', 'g', 'i', 'K']);
});
