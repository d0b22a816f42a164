/** One thing that is wrong, where it is, and a sentence that says what would be right. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly sentence: string;
}

/** The problems as a reader goes through them: file by file, top to bottom. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      a.file.localeCompare(b.file) || a.line - b.line || a.sentence.localeCompare(b.sentence),
  );
}

/** Prints one line a problem, then the verdict; the process ends in 1 when there was any. */
export function report(check: string, problems: readonly Problem[], seen: string): void {
  for (const { file, line, sentence } of inOrder(problems)) {
    console.error(`${file}:${line}: ${sentence}`);
  }
  if (problems.length > 0) process.exitCode = 1;
  const found = problems.length === 0 ? 'no problems' : count(problems.length, 'problem');
  console.log(`${check}: ${found} in ${seen}`);
}

/** `1 file`, `2 files`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
