import { compile, strictNodeNext } from './compile.js';
import { count, type Problem, report } from './problem.js';
import { filesLike, readRepository, root } from './repository.js';
import { modulesOf } from './snippet-modules.js';
import { readDocComments, readPage } from './snippets.js';

const markdown =
  /^(README\.md|CONTRIBUTING\.md|(packages|examples)\/[^/]+\/README\.md|docs\/.*\.md)$/;
const measured = /^docs\/versus\.md$/;

const repository = readRepository();
const readmes = filesLike(repository, markdown)
  .filter(([file]) => !measured.test(file))
  .map(([file, text]) => readPage(file, text));
const comments = filesLike(repository, /^packages\/[^/]+\/src\/.*\.ts$/).map(([file, text]) => {
  const readme = file.replace(/\/src\/.*$/, '/README.md');
  return readDocComments(file, text, readmes.find((page) => page.file === readme)?.prelude);
});
const pages = [...readmes, ...comments];

// Nothing is written there; only the place counts, for it decides which node_modules are found.
const modules = modulesOf(pages, root);
const errors = compile(modules, strictNodeNext, root).map(({ path, line, message }): Problem => {
  const module = modules.find((one) => one.path === path);
  if (module === undefined) return { file: path ?? 'tsconfig.base.json', line, sentence: message };
  const seen = module.pageLines.slice(0, line + 1).findLast((pageLine) => pageLine !== undefined);
  return { file: module.file, line: seen ?? 1, sentence: message };
});

const problems = [...pages.flatMap((page) => page.problems), ...errors];
report('snippets', problems, count(pages.flatMap((page) => page.snippets).length, 'snippet'));
