import type { Package } from '../packages.js';
import { uses } from './uses.js';

/** How a user's program loads modules. */
export type ModuleSystem = 'esm' | 'commonjs' | 'jest';

/** A program that loads every entry of a package, calls it, and prints what each one exports. */
export function programFor(
  system: ModuleSystem,
  { name, folder }: Package,
  specifiers: readonly string[],
): string {
  const load = system === 'esm' ? 'await import' : 'require';
  const loads = specifiers.map(
    (one) => `  ${JSON.stringify(one)}: ${load}(${JSON.stringify(one)}),`,
  );
  const use = uses[folder] ?? `throw new Error('scripts/pack/uses.ts says no use of ${name}');`;
  const body = `
const { strict: assert } = ${load}('node:assert');
const modules = {
${loads.join('\n')}
};
const entry = (path) => modules['${name}' + path.slice(1)];
const use = async () => {${use}};
const named = Object.entries(modules).map(([path, all]) => [path, Object.keys(all).sort()]);
`;
  if (system === 'jest') return `${body}test('is used', use);\n`;
  return `${body}use().then(() => console.log(JSON.stringify(named)));\n`;
}
