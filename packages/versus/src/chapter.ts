import { inFreshProcess } from './fresh-process.js';
import { patterns } from './patterns.js';
import { begin, done } from './progress.js';
import type { Chapter, Findings, Settings } from './report.js';

/** Which section to measure, and how thoroughly. */
export interface SectionJob {
  /** The pattern, as `patterns` calls it. */
  readonly pattern: string;
  /** The section's id. */
  readonly section: string;
  /** How long and how often. */
  readonly settings: Settings;
}

/** Measures one section, in the process that it is called in. */
export async function measureSection(job: SectionJob): Promise<Findings> {
  const pattern = await patterns[job.pattern]?.();
  const section = pattern?.sections.find(({ id }) => id === job.section);
  if (section === undefined) throw new RangeError(`there is no ${job.pattern} ${job.section}`);
  begin(`${job.pattern} ${section.id}`);
  const findings = await section.measure(job.settings);
  done();
  return findings;
}

/** Measures one section in a process of its own and puts its heading over what it found. */
export async function measureChapter(
  { id, title }: { readonly id: string; readonly title: string },
  pattern: string,
  settings: Settings,
): Promise<Chapter> {
  const argument: SectionJob = { pattern, section: id, settings };
  const findings = await inFreshProcess<Findings>({
    module: import.meta.url,
    name: 'measureSection',
    argument,
  });
  return { id, title, ...findings };
}
