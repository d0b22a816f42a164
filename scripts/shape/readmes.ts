import { fencesOf, headingsOf } from '../markdown.js';
import type { Package } from '../packages.js';
import type { Problem } from '../problem.js';
import {
  patternSections,
  quickStartLines,
  type Section,
  supportSections,
} from '../readme-sections.js';
import type { Repository } from '../repository.js';
import { problem, type Rule } from './rule.js';

/** The README of each published package has the sections of the house, in its order. */
export const readmes: Rule = (repository) =>
  repository.packages
    .filter(({ kind }) => kind !== 'private')
    .flatMap((pkg) => {
      const path = `${pkg.dir}/README.md`;
      const text = repository.files.get(path);
      if (text === undefined) return [];
      const lines = text.split('\n');
      return [
        ...badTitle(path, pkg, lines),
        ...badOrder(path, sectionsFor(repository, pkg), lines),
        ...longQuickStart(path, lines),
        ...(pkg.kind === 'pattern' ? fewSequences(path, lines) : []),
      ];
    });

function sectionsFor({ files }: Repository, { kind, dir }: Package): Section[] {
  const sections = kind === 'pattern' ? patternSections : supportSections;
  return sections.filter(({ where }) => where === undefined || files.has(`${dir}/${where}`));
}

function badTitle(path: string, { name }: Package, lines: string[]): Problem[] {
  const [title = '', ...rest] = lines.filter((line) => line.trim() !== '');
  if (title !== `# ${name}`) return [problem(path, `does not begin with "# ${name}"`)];
  if (/^[A-Z][^#]*/.test(rest[0] ?? '')) return [];
  return [problem(path, 'does not say in one sentence, below its title, what it is', 2)];
}

function badOrder(path: string, sections: readonly Section[], lines: string[]): Problem[] {
  const headings = headingsOf(lines).filter(({ level }) => level === 2);
  const found: Problem[] = [];
  let last = 0;
  for (const { name, heading } of sections) {
    const at = headings.find(({ title }) => heading.test(title))?.line;
    if (at === undefined) {
      found.push(problem(path, `lacks the section "${name}"`));
      continue;
    }
    if (at < last) found.push(problem(path, `has the section "${name}" too early`, at));
    last = at;
  }
  return found;
}

function longQuickStart(path: string, lines: string[]): Problem[] {
  const at = headingsOf(lines).find(({ title }) => /^quick start/i.test(title))?.line;
  if (at === undefined) return [];
  const fence = fencesOf(lines).find(({ line, info }) => line > at && info.startsWith('ts'));
  const length = fence?.body.length ?? 0;
  if (length > 0 && length <= quickStartLines) return [];
  const sentence = `has a quick start of ${length} lines; 1 to ${quickStartLines} are wanted`;
  return [problem(path, sentence, fence?.line ?? at)];
}

/** The happy path and the nastiest unhappy one, each drawn. */
function fewSequences(path: string, lines: string[]): Problem[] {
  const drawn = fencesOf(lines).filter(
    ({ info, body }) => info === 'mermaid' && body.some((line) => /sequenceDiagram/.test(line)),
  );
  if (drawn.length >= 2) return [];
  return [
    problem(path, `has ${drawn.length} sequence diagrams; the happy and the worst path are 2`),
  ];
}
