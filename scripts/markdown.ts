/** A fenced block of a Markdown text. */
export interface Fence {
  /** All that follows the opening fence: `ts`, `ts continued`, `mermaid`. */
  readonly info: string;
  /** The line of the opening fence; the first is 1. */
  readonly line: number;
  readonly body: readonly string[];
}

/** A heading of a Markdown text. */
export interface Heading {
  readonly level: number;
  readonly title: string;
  readonly line: number;
}

/** The fenced blocks of a text, in order. One that is never closed runs to the end. */
export function fencesOf(lines: readonly string[]): Fence[] {
  return scan(lines).fences;
}

/** The headings of a text, in order; what looks like one inside a fence is none. */
export function headingsOf(lines: readonly string[]): Heading[] {
  return scan(lines).headings;
}

function scan(lines: readonly string[]): { fences: Fence[]; headings: Heading[] } {
  const fences: Fence[] = [];
  const headings: Heading[] = [];
  let open: { fence: string; indent: number; body: string[] } | undefined;
  for (const [index, text] of lines.entries()) {
    const [, indent = '', fence, info = ''] = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(text) ?? [];
    if (open !== undefined) {
      const closes = fence !== undefined && info === '' && fence.startsWith(open.fence);
      if (closes) open = undefined;
      else open.body.push(text.slice(Math.min(open.indent, text.search(/\S|$/))));
      continue;
    }
    if (fence !== undefined) {
      open = { fence, indent: indent.length, body: [] };
      fences.push({ info: info.trim(), line: index + 1, body: open.body });
      continue;
    }
    const [, hashes, title] = /^(#{1,6})\s+(.*?)\s*#*$/.exec(text) ?? [];
    if (hashes === undefined || title === undefined) continue;
    headings.push({ level: hashes.length, title, line: index + 1 });
  }
  return { fences, headings };
}

/** Every word that a text sets in code type, inline or fenced. */
export function codeWords(text: string): Set<string> {
  const lines = text.split('\n');
  const fenced = fencesOf(lines).flatMap(({ body }) => body);
  const inline = lines.flatMap((line) => line.match(/`[^`]+`/g) ?? []);
  return new Set([...fenced, ...inline].flatMap((code) => code.match(/[A-Za-z_$][\w$]*/g) ?? []));
}
