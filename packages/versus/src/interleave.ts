import { say } from './progress.js';

/**
 * Samples all candidates in turn, A B C A B C …, and returns the samples of each candidate in the
 * order of the rounds. One round goes before them and is not counted: it warms up.
 */
export async function interleave<Candidate, Sample>(
  candidates: readonly Candidate[],
  rounds: number,
  sample: (candidate: Candidate) => Promise<Sample>,
): Promise<Sample[][]> {
  const samples: Sample[][] = candidates.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    say(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
    for (const [i, candidate] of candidates.entries()) {
      const taken = await sample(candidate);
      if (round > 0) samples[i]?.push(taken);
    }
  }
  return samples;
}
