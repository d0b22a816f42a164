import { styleText } from 'node:util';

/** How a piece of text stands out, where there are colours. */
export type Ink = Parameters<typeof styleText>[0];

/** What the tour is written on. */
export interface Paper {
  /** How many characters fit into a line. */
  readonly columns: number;
  /** Whether it takes colours; nothing that is said depends on them. */
  readonly coloured: boolean;
}

/** Gives a text its colours. */
export function paint({ coloured }: Paper, ink: Ink, text: string): string {
  return coloured ? styleText(ink, text, { validateStream: false }) : text;
}

/** Breaks a text into lines; those after the first are indented by as many blanks as it is told. */
export function wrap(text: string, columns: number, indent = 0): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= columns - indent || line === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** Moves every line of a text to the right. */
export function shift(text: string, blanks = 2): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(blanks));
}
