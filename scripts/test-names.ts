import ts from 'typescript';
import { lineOf } from './syntax.js';

/** A title as it stands in the source of a test. */
export interface Title {
  /** As a reader sees it; what is only known when the test runs is `…`. */
  readonly text: string;
  /** A regular expression for what it becomes; none for a name that comes from elsewhere. */
  readonly pattern: string | undefined;
}

/** A test, with the titles of the blocks around it first and its own last. */
export interface TestName {
  readonly titles: readonly Title[];
  readonly line: number;
}

const blocks = new Set(['describe', 'suite']);
const tests = new Set(['it', 'test']);

/** The tests of a file, in order. */
export function testsIn(source: ts.SourceFile): TestName[] {
  const found: TestName[] = [];
  const visit = (node: ts.Node, above: readonly Title[]) => {
    const callee = ts.isCallExpression(node) ? leftmostName(node.expression) : undefined;
    const argument = ts.isCallExpression(node) ? node.arguments[0] : undefined;
    const titles = argument === undefined ? above : [...above, titleOf(argument)];
    if (argument !== undefined && tests.has(callee ?? '')) {
      found.push({ titles, line: lineOf(node) });
      return;
    }
    node.forEachChild((child) => visit(child, blocks.has(callee ?? '') ? titles : above));
  };
  visit(source, []);
  return found;
}

/** `it`, `it.each(…)`, `describe.sequential`: the name that the call begins with. */
function leftmostName(expression: ts.Expression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression)) return leftmostName(expression.expression);
  // `it.each([…])` is a call that makes a test, `it.each([…])('…')` the test itself.
  if (!ts.isCallExpression(expression)) return undefined;
  return leftmostName(expression.expression);
}

function titleOf(argument: ts.Expression): Title {
  if (ts.isStringLiteralLike(argument)) return withPlaceholders(argument.text);
  if (!ts.isTemplateExpression(argument)) return { text: '…', pattern: undefined };
  const parts = [argument.head, ...argument.templateSpans.map(({ literal }) => literal)];
  return {
    text: parts.map(({ text }) => text).join('…'),
    pattern: parts.map(({ text }) => escapeRegExp(text)).join('.*'),
  };
}

/** What `each` fills in: `%s`, `%i`, `$name`. */
function withPlaceholders(text: string): Title {
  const placeholder = /%[sdifjoO#$]|\$\w+/g;
  return {
    text: text.replaceAll(placeholder, '…'),
    pattern: text.split(placeholder).map(escapeRegExp).join('.*'),
  };
}

/** A text as a regular expression that matches it alone. */
export function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** The promise that a test is about: `1. Exact` is about the first. */
export function numberOf(title: string): number | undefined {
  const digits = /^(\d+)\. /.exec(title)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A test's full name as one string, however the titles in it were joined. */
export function flatName(titles: readonly string[] | string): string {
  const joined = typeof titles === 'string' ? titles : titles.join(' ');
  return joined.replaceAll(' > ', ' ');
}

/** A regular expression for a full name, whether its titles are joined by ` > ` or by a space. */
export function namePattern(name: string): string {
  return `^${escapeRegExp(name).replaceAll(' > ', '(?: > | )')}$`;
}

/**
 * True when a full name is one of these tests. A title that is only known when the test runs may
 * be any of `fromElsewhere`: the names of the laws.
 */
export function isNamed(
  name: string,
  found: readonly TestName[],
  fromElsewhere: readonly string[],
): boolean {
  const laws = fromElsewhere.map((law) => escapeRegExp(flatName(law)));
  const anyLaw = `(?:${laws.join('|') || '(?!)'})`;
  return found.some(({ titles }) => {
    const patterns = titles.map(({ pattern }) => pattern?.replaceAll(' > ', ' ') ?? anyLaw);
    return new RegExp(`^${patterns.join(' ')}$`).test(flatName(name));
  });
}
