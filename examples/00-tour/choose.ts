import { parseArgs } from 'node:util';
import type { TourStop } from './stop.js';

/** The stops that were asked for, or what is said instead, and the exit code with it. */
export type Choice =
  | { readonly stops: readonly TourStop[] }
  | { readonly stops?: undefined; readonly message: string; readonly exitCode: number };

/** Reads the command line: names of patterns, in any order; none means all of them. */
export function choose(args: readonly string[], stops: readonly TourStop[]): Choice {
  const list = stops.map(({ pattern, title }) => `  ${pattern}: ${title}`).join('\n');
  const usage = `npm start [-- <pattern>…], where a pattern is one of\n${list}`;
  const refuse = (why: string): Choice => ({ message: `${why}\n${usage}`, exitCode: 2 });
  let names: string[];
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const;
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options });
    if (values.help) return { message: usage, exitCode: 0 };
    names = positionals;
  } catch (error) {
    return refuse((error as Error).message);
  }
  const unknown = names.filter((name) => !stops.some(({ pattern }) => pattern === name));
  if (unknown.length > 0) return refuse(`There is no pattern ${unknown.join(', and no ')} here.`);
  if (names.length === 0) return { stops };
  return { stops: stops.filter(({ pattern }) => names.includes(pattern)) };
}
