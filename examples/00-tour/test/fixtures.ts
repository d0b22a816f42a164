import type { Screen } from '../screen.js';
import type { Findings, TourStop } from '../stop.js';

/** Findings of a stop whose one promise was kept, or not. */
export function findings(kept = true): Findings {
  return {
    timeline: [
      { atMs: 0, what: 'all is well' },
      { atMs: 1_250, what: 'the flood comes' },
    ],
    chart: {
      title: 'houses that stand',
      axis: 'hours',
      without: [
        [0, 8],
        [2, 0],
      ],
      with: [
        [0, 8],
        [4, 8],
      ],
    },
    figures: [{ what: 'wet cellars', without: '8', with: '0' }],
    promises: [{ claim: 'the dam holds', kept, measured: kept ? '0 leaks' : '3 leaks' }],
  };
}

/** A stop that shows one phase and finds what it is given. */
export function stopThat(run: TourStop['run'], pattern = 'dam'): TourStop {
  return { pattern, title: 'the river floods the town', story: ['A dam holds it back.'], run };
}

/** A stop that ends as it is told. */
export function stopWith(kept: boolean, pattern?: string): TourStop {
  return stopThat(
    ({ phase }) =>
      phase('the flood', async (tell) => {
        tell('it rains');
        return findings(kept);
      }),
    pattern,
  );
}

/** A screen of paper, and what was written on it. */
export function paperScreen(columns = 100): Screen & { readonly text: string } {
  let text = '';
  const write = (line: string) => {
    text += `${line}\n`;
  };
  return {
    paper: { columns, coloured: false },
    write,
    phase: (title, work) => {
      write(title);
      return work(write);
    },
    get text() {
      return text;
    },
  };
}
