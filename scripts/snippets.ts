import ts from 'typescript';
import { type Fence, fencesOf } from './markdown.js';
import type { Problem } from './problem.js';
import { parse } from './repository.js';
import { lineAt, walk } from './syntax.js';

/** One module made of the code of a page: a block, and those that continue it. */
export interface Snippet {
  /** The page it stands in. */
  readonly file: string;
  readonly lines: readonly string[];
  /** The line of the page that each of `lines` is. */
  readonly pageLines: readonly number[];
}

/** What a page declares for its snippets, unseen by its readers. */
export interface Prelude {
  readonly file: string;
  readonly text: string;
  readonly line: number;
}

/** The code of one page. */
export interface Page {
  readonly file: string;
  readonly snippets: readonly Snippet[];
  readonly prelude: Prelude | undefined;
  readonly problems: readonly Problem[];
}

/** Other names for the same languages, under which a block would not be compiled. */
const disguises = /^(typescript|tsx|mts|cts|js|jsx|javascript|mjs|cjs)\b/;

/** The snippets of a Markdown page. */
export function readPage(file: string, text: string): Page {
  const found = /<!--\s*snippet-prelude\s([\s\S]*?)-->/.exec(text);
  const prelude = found && { file, text: found[1] ?? '', line: linesBefore(text, found) };
  return { file, ...snippetsOf(file, fencesOf(text.split('\n'))), prelude: prelude ?? undefined };
}

/**
 * The snippets in the doc comments of a source, under `@example` and elsewhere. They share the
 * prelude of their package's README, so that an example need not repeat what that page sets up.
 */
export function readDocComments(file: string, text: string, prelude?: Prelude): Page {
  const tree = parse(file, text);
  const seen = new Set<number>();
  const pages = [...walk(tree)]
    .flatMap((node) => ts.getJSDocCommentsAndTags(node))
    .filter((doc) => ts.isJSDoc(doc) && !seen.has(doc.pos) && seen.add(doc.pos))
    .map((doc) => {
      // A blank in front for every line above, so that a fence's line is that of the file.
      const above = Array<string>(lineAt(tree, doc.pos) - 1).fill('');
      const body = text.slice(doc.pos, doc.end).split('\n');
      const bare = body.map((line) => line.replace(/^\s*(\/\*\*|\*(?!\/)) ?/, ''));
      return snippetsOf(file, fencesOf([...above, ...bare]));
    });
  const snippets = pages.flatMap((page) => page.snippets);
  return { file, snippets, prelude, problems: pages.flatMap((page) => page.problems) };
}

function snippetsOf(file: string, fences: readonly Fence[]): Pick<Page, 'snippets' | 'problems'> {
  const snippets: { file: string; lines: string[]; pageLines: number[] }[] = [];
  const problems: Problem[] = [];
  for (const { info, line, body } of fences) {
    const pageLines = body.map((_, index) => line + 1 + index);
    const last = snippets.at(-1);
    if (info === 'ts') snippets.push({ file, lines: [...body], pageLines });
    else if (info === 'ts continued' && last !== undefined) {
      last.lines.push(...body);
      last.pageLines.push(...pageLines);
    } else if (/^ts\b/.test(info) || disguises.test(info)) {
      const sentence = `has a block "${info}"; only "ts", then "ts continued", is compiled`;
      problems.push({ file, line, sentence });
    }
  }
  return { snippets, problems };
}

function linesBefore(text: string, found: RegExpExecArray): number {
  const start = found.index + found[0].indexOf(found[1] ?? '');
  return text.slice(0, start).split('\n').length;
}
