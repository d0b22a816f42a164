import type { Gate } from './gate.js';
import { say } from './progress.js';
import type { Table } from './report.js';

/** How a candidate did in a scenario, with the figure that shows it. */
export interface Outcome {
  /** `n/a` where the question does not arise; the note says why. */
  readonly verdict: 'holds' | 'fails' | 'n/a';
  /** The figure, or the reason, in a few words. */
  readonly note: string;
}

/** Something that should hold for whoever claims to be of this pattern. */
export interface Scenario<Subject> {
  /** What should hold, as a claim. */
  readonly claim: string;
  /** Tries it on one candidate. What it throws ends the run: a broken scenario proves nothing. */
  run(subject: Subject): Promise<Outcome>;
}

/** Every outcome: by scenario, then by candidate. */
export interface Judgement {
  /** The claims and what became of them. */
  readonly rows: readonly { readonly claim: string; readonly outcomes: readonly Outcome[] }[];
  /** The candidates, in the order of the outcomes. */
  readonly names: readonly string[];
}

/** An outcome that holds exactly when `isHeld`. */
export function outcome(isHeld: boolean, note: string): Outcome {
  return { verdict: isHeld ? 'holds' : 'fails', note };
}

/** Tries every scenario on every candidate, one after another. */
export async function judge<Subject extends { readonly name: string }>(
  scenarios: readonly Scenario<Subject>[],
  subjects: readonly Subject[],
): Promise<Judgement> {
  const rows: { claim: string; outcomes: Outcome[] }[] = [];
  for (const { claim, run } of scenarios) {
    const outcomes: Outcome[] = [];
    for (const subject of subjects) {
      say(`${claim}: ${subject.name}`);
      try {
        outcomes.push(await run(subject));
      } catch (cause) {
        throw new Error(`"${claim}" cannot be tried on ${subject.name}`, { cause });
      }
    }
    rows.push({ claim, outcomes });
  }
  return { rows, names: subjects.map(({ name }) => name) };
}

const marks = { holds: '✔', fails: '✘', 'n/a': '–' } as const;

/** The table of a judgement. */
export function behaviourTable(
  title: string,
  { rows, names }: Judgement,
  notes: readonly string[] = [],
): Table {
  return {
    title,
    notes,
    columns: ['scenario', ...names].map((name) => ({ title: name })),
    rows: rows.map(({ claim, outcomes }) => [
      claim,
      ...outcomes.map(({ verdict, note }) => `${marks[verdict]} ${note}`),
    ]),
  };
}

/** Our own columns, the names that begin with `gabion`, must hold everywhere. */
export function ownGate(name: string, { rows, names }: Judgement): Gate {
  const failures = rows
    .flatMap(({ outcomes }) => outcomes.filter((_, i) => names[i]?.startsWith('gabion')))
    .filter(({ verdict }) => verdict !== 'holds');
  return { name, figure: failures.length, must: 'at most', limit: 0 };
}
