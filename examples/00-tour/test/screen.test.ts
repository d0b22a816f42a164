import { describe, expect, test } from 'vitest';
import { createScreen } from '../screen.js';

function pipe() {
  let text = '';
  const write = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  return { write, written: () => text };
}

describe('output that is no terminal', () => {
  test('gets plain lines: the phase, and how it ended', async () => {
    const { write, written } = pipe();
    const screen = createScreen({ write } as never);
    const result = await screen.phase('the flood', async (tell) => {
      tell('it rains');
      tell('it pours');
      return 7;
    });
    expect(result).toBe(7);
    expect(screen.paper).toEqual({ columns: 100, coloured: false });
    expect(written()).toMatch(/^ {2}the flood …\n {4}0\.0 s: it pours\n$/);
  });
});

describe('a terminal', () => {
  const terminal = (columns: number, colours: boolean) => {
    const { write } = pipe();
    return createScreen({ write, isTTY: true, columns, hasColors: () => colours } as never);
  };

  test('is written on up to 100 columns, and down to 80', () => {
    expect(terminal(240, true).paper.columns).toBe(100);
    expect(terminal(93, true).paper.columns).toBe(93);
    expect(terminal(20, true).paper.columns).toBe(80);
    expect(terminal(0, true).paper.columns).toBe(100);
  });

  test('gets no colours when it has none or wants none', () => {
    expect(terminal(90, true).paper.coloured).toBe(true);
    expect(terminal(90, false).paper.coloured).toBe(false);
  });
});
