/**
 * `npm run versus -- <pattern>`: this package beside its npm peers. Exits with 1 when a gate is
 * missed or a section breaks, and with 2 when the command line cannot be understood.
 */
import { writeFileSync } from 'node:fs';
import { type Options, parseOptions, usage } from './args.js';
import { measureChapter } from './chapter.js';
import { describeGate, holds } from './gate.js';
import { describeMachine, machineLine } from './machine.js';
import { patterns } from './patterns.js';
import { renderChapter } from './render.js';
import type { Chapter, Pattern, Section } from './report.js';

/** What the command line asks for, found. */
interface Wish {
  readonly options: Options;
  readonly pattern: Pattern;
  readonly sections: readonly Section[];
}

async function understand(args: readonly string[]): Promise<Wish> {
  const options = parseOptions(args);
  const load = Object.hasOwn(patterns, options.pattern) ? patterns[options.pattern] : undefined;
  if (load === undefined) {
    throw new RangeError(`there is ${Object.keys(patterns).join(', ')}; no ${options.pattern}`);
  }
  const pattern = await load();
  const ids = pattern.sections.map(({ id }) => id);
  const stray = options.only.find((id) => !ids.includes(id));
  if (stray !== undefined) throw new RangeError(`--only knows ${ids.join(', ')}; not ${stray}`);
  const isWanted = ({ id }: Section) => options.only.length === 0 || options.only.includes(id);
  return { options, pattern, sections: pattern.sections.filter(isWanted) };
}

async function measure({ options, pattern, sections }: Wish): Promise<number> {
  const { settings } = options;
  const machine = describeMachine(pattern.packages);
  const versions = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`);
  const preface =
    `Measured ${machineLine(machine)}. Medians of ${settings.rounds} interleaved rounds. ` +
    `Peers and clients: ${versions.join(', ')}.\n`;
  console.log(preface);
  const chapters: Chapter[] = [];
  for (const section of sections) {
    const chapter = await measureChapter(section, pattern.name, settings);
    chapters.push(chapter);
    console.log(renderChapter(chapter, 'terminal'));
  }
  if (options.json !== undefined) {
    const everything = { pattern: pattern.name, machine, settings, chapters };
    writeFileSync(options.json, `${JSON.stringify(everything, null, 2)}\n`);
  }
  if (options.markdown !== undefined) {
    const parts = chapters.map((chapter) => renderChapter(chapter, 'markdown'));
    writeFileSync(options.markdown, [`# ${pattern.name}\n`, preface, ...parts].join('\n'));
  }
  const missed = chapters.flatMap(({ gates }) => gates).filter((gate) => !holds(gate));
  for (const gate of missed) console.error(describeGate(gate));
  return missed.length === 0 ? 0 : 1;
}

/** What the caller typed wrong is said in a line; all else is shown with its stack. */
async function run(): Promise<number> {
  let wish: Wish;
  try {
    wish = await understand(process.argv.slice(2));
  } catch (error) {
    console.error(`versus: ${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 2;
  }
  return measure(wish);
}

process.exitCode = await run();
