import { expect, test } from 'vitest';
import { renderCell, renderChapter, renderTable } from '../src/render.js';
import type { Chapter, Table } from '../src/report.js';

const table: Table = {
  title: 'One hot key',
  columns: [{ title: 'candidate' }, { title: '× floor', digits: 2 }, { title: 'ns' }],
  rows: [
    ['floor', 1, 57],
    ['a peer', 22.041, 123_456.7],
    ['another', null, null],
  ],
  notes: ['Lower is better.'],
};

test('figures have the digits of their column', () => {
  expect(renderCell(1.005, { title: '', digits: 1 })).toBe('1.0');
  expect(renderCell(57.6, undefined)).toBe('58');
});

test('thousands are apart from five digits on, and the fraction is left alone', () => {
  expect([9_999, 10_000, 1_234_567].map((n) => renderCell(n))).toEqual([
    '9999',
    '10 000',
    '1 234 567',
  ]);
  expect(renderCell(12_345.678_9, { title: '', digits: 4 })).toBe('12 345.6789');
});

test('a terminal gets columns, with figures flush right', () => {
  expect(renderTable(table, 'terminal').split('\n')).toEqual([
    'One hot key',
    '',
    'candidate  × floor       ns',
    '---------  -------  -------',
    'floor         1.00       57',
    'a peer       22.04  123 457',
    'another          –        –',
    '',
    'Lower is better.',
  ]);
});

test('a page gets a Markdown table', () => {
  expect(renderTable(table, 'markdown').split('\n')).toEqual([
    '### One hot key',
    '',
    '| candidate | × floor | ns |',
    '|---|---:|---:|',
    '| floor | 1.00 | 57 |',
    '| a peer | 22.04 | 123 457 |',
    '| another | – | – |',
    '',
    'Lower is better.',
  ]);
});

test('a bar in a text does not end its Markdown cell', () => {
  const rows = [['a | b']];
  const text = renderTable({ title: 't', columns: [{ title: 'c' }], rows }, 'markdown');
  expect(text).toContain('| a \\| b |');
});

test('a section is its heading, its tables and its gates', () => {
  const gate = { name: 'the ratio', figure: 1, must: 'at most', limit: 1.25 } as const;
  const chapter: Chapter = { id: 'hot', title: 'In memory', tables: [table], gates: [gate] };
  expect(renderChapter(chapter, 'markdown')).toMatch(
    /^## In memory\n\n### One hot key\n[\s\S]*\n\n\* met: the ratio is 1,[^\n]*\n$/,
  );
  expect(renderChapter(chapter, 'terminal')).toMatch(/^In memory\n=========\n\nOne hot key\n/);
});
