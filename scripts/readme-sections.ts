/** One section of a README: how its heading reads, and a name for it in messages. */
export interface Section {
  readonly name: string;
  readonly heading: RegExp;
  /** Wanted only where this file exists in the package. */
  readonly where?: string;
}

const notGuaranteed = {
  name: 'Not guaranteed, and when not to use it',
  heading: /^not guaranteed/i,
};

/** The sections of a pattern's README, in the order of the house. */
export const patternSections: readonly Section[] = [
  { name: 'The problem', heading: /\b(problem|without|goes wrong|failure)\b/i },
  { name: 'Install', heading: /^install/i },
  { name: 'Quick start', heading: /^quick start/i },
  { name: 'Guarantees', heading: /^guarantees/i },
  notGuaranteed,
  { name: 'API', heading: /^api\b/i },
  { name: 'Options and defaults', heading: /^options\b/i },
  { name: 'Stores', heading: /^stores?\b/i, where: 'src/store.ts' },
  { name: 'When things fail', heading: /^when things fail/i },
  { name: 'Testing your code', heading: /^testing your code/i },
  { name: 'Coming from …', heading: /^coming from/i },
  { name: 'References', heading: /^references/i },
];

/** The sections of a support package's README. */
export const supportSections: readonly Section[] = [
  { name: 'Install', heading: /^install/i },
  { name: 'Quick start', heading: /^quick start/i },
  { name: 'API', heading: /^api\b/i },
  notGuaranteed,
];

/** The most lines that a quick start has. */
export const quickStartLines = 15;
