import type { Gate } from './gate.js';

/** How long and how often everything is measured. */
export interface Settings {
  /** Rounds over all candidates; figures are medians over them. */
  readonly rounds: number;
  /** How long one sample of one candidate lasts, in milliseconds. */
  readonly sampleMs: number;
  /** How many keys "a million keys" are, so that a smoke test does not wait for a million. */
  readonly manyKeys: number;
}

/** What stands in a table: a text, a figure, or nothing where the question does not apply. */
export type Cell = string | number | null;

/** A column of a table. */
export interface Column {
  /** Its heading, which names the unit. */
  readonly title: string;
  /** Digits after the point of its figures. @defaultValue 0 */
  readonly digits?: number;
}

/** A table: the first column names the candidate or the scenario. */
export interface Table {
  /** What was compared, as a sentence without a full stop. */
  readonly title: string;
  /** Its columns. */
  readonly columns: readonly Column[];
  /** Its rows, a cell for each column. */
  readonly rows: readonly (readonly Cell[])[];
  /** What a reader must know to read it rightly. */
  readonly notes?: readonly string[];
}

/** What one section found. */
export interface Findings {
  /** Its tables. */
  readonly tables: readonly Table[];
  /** The bounds that were set, and whether they were kept. */
  readonly gates: readonly Gate[];
}

/** One question to a pattern and its peers. It is measured in a process of its own. */
export interface Section {
  /** What `--only` calls it. */
  readonly id: string;
  /** Its heading. */
  readonly title: string;
  /** Measures it. */
  measure(settings: Settings): Promise<Findings>;
}

/** A pattern, its peers, and what is asked of them. */
export interface Pattern {
  /** The name of its package, without the scope. */
  readonly name: string;
  /** The npm packages that it is compared with or measured on, whose versions are printed. */
  readonly packages: readonly string[];
  /** The sections, in the order in which they are shown. */
  readonly sections: readonly Section[];
}

/** A section and what it found. */
export interface Chapter extends Findings {
  /** What `--only` calls it. */
  readonly id: string;
  /** Its heading. */
  readonly title: string;
}
