import { describeGate } from './gate.js';
import type { Cell, Chapter, Column, Table } from './report.js';

/** Writes a section: for a terminal, or as Markdown for a page whose own title is of level 1. */
export function renderChapter(chapter: Chapter, style: 'terminal' | 'markdown'): string {
  const { title, tables, gates } = chapter;
  const isMarkdown = style === 'markdown';
  const heading = isMarkdown ? `## ${title}` : `${title}\n${'='.repeat([...title].length)}`;
  const lines = gates.map((gate) => (isMarkdown ? `* ${describeGate(gate)}` : describeGate(gate)));
  const parts = [heading, ...tables.map((table) => renderTable(table, style)), lines.join('\n')];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Writes a table with its title above it and its notes below. */
export function renderTable(table: Table, style: 'terminal' | 'markdown'): string {
  const { title, columns, rows, notes = [] } = table;
  const texts = rows.map((row) => row.map((cell, i) => renderCell(cell, columns[i])));
  const heads = columns.map((column) => column.title);
  const right = columns.map((_, i) => i > 0 && rows.every((row) => typeof row[i] !== 'string'));
  const body = style === 'markdown' ? markdown(heads, texts, right) : aligned(heads, texts, right);
  const below = notes.length === 0 ? '' : `\n\n${notes.join('\n')}`;
  return `${style === 'markdown' ? `### ${title}` : title}\n\n${body}${below}`;
}

/** Writes a figure with the digits of its column, and its thousands apart: `107 000`. */
export function renderCell(cell: Cell, column?: Column): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  const [whole = '', ...fraction] = cell.toFixed(column?.digits ?? 0).split('.');
  const apart = whole.length < 5 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ' ');
  return [apart, ...fraction].join('.');
}

function markdown(heads: string[], rows: string[][], right: boolean[]): string {
  const safe = (text: string) => text.replaceAll('|', '\\|');
  const line = (cells: string[]) => `| ${cells.map(safe).join(' | ')} |`;
  const rule = `|${right.map((isRight) => (isRight ? '---:' : '---')).join('|')}|`;
  return [line(heads), rule, ...rows.map(line)].join('\n');
}

function aligned(heads: string[], rows: string[][], right: boolean[]): string {
  const widths = heads.map((head, i) =>
    Math.max(...[head, ...rows.map((row) => row[i] ?? '')].map((text) => [...text].length)),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => {
        const gap = ' '.repeat((widths[i] as number) - [...cell].length);
        return right[i] ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(heads), rule, ...rows.map(line)].join('\n');
}
