import type { Verdict } from '@gabion-examples/tour/stop';
import { overdraft, possible, saysWhen, type Tightness, tightness } from './checks.js';
import type { Load } from './load.js';
import type { Run } from './run.js';
import { byName, median, pagesPerSecond } from './tally.js';

/** Judges what the limiter promises by what the clients and the limiter saw. */
export function judge(load: Load, without: Run, limited: Run): Verdict[] {
  return [
    neverMore(load, limited),
    alwaysSaysWhen(limited),
    tight(limited),
    obeyedOnce(limited),
    nearlyAll(load, limited),
    muchBetter(load, without, limited),
  ];
}

function neverMore(load: Load, { decisions }: Run): Verdict {
  const { capacity, refillPerSecond } = load;
  const clients = [...byName(decisions, ({ key }) => key)];
  const over = clients.filter(([, own]) => overdraft(own, load) > 0);
  const got = clients.map(([name, own]) => {
    const taken = own.filter(({ result }) => result.allowed).length;
    return { name, taken, most: possible(own, load) };
  });
  const [closest] = got.sort((a, b) => a.most - a.taken - (b.most - b.taken));
  return {
    claim: `no client ever gets more than ${capacity} pages plus ${refillPerSecond} a second`,
    kept: over.length === 0 && closest !== undefined,
    measured:
      `${over.length} of ${clients.length} clients got more; closest is ${closest?.name}, with ` +
      `${closest?.taken} of the ${closest?.most} that are possible`,
  };
}

function alwaysSaysWhen({ answers }: Run): Verdict {
  const refusals = answers.filter(({ outcome }) => outcome === 'refused');
  const saying = refusals.filter(saysWhen).length;
  return {
    claim: 'every refusal says when to come back: Retry-After is there, and at least 1',
    kept: saying === refusals.length && refusals.length > 0,
    measured: `${saying} of ${refusals.length} refusals said so`,
  };
}

/** The greedy clients are the ones who try too early, many times for each token. */
function tight({ decisions }: Run): Verdict {
  const all: Tightness = { early: 0, earlyAllowed: 0, due: 0, dueRefused: 0 };
  for (const own of byName(decisions, ({ key }) => key).values()) tightness(own, all);
  const { early, earlyAllowed, due, dueRefused } = all;
  return {
    claim: 'the wait that is told is exact to the millisecond: never too short, never too long',
    kept: earlyAllowed === 0 && dueRefused === 0 && early > 0 && due > 0,
    measured:
      `let in: ${earlyAllowed} of ${early} tries before it was over, ` +
      `${due - dueRefused} of ${due} at the next one`,
  };
}

function obeyedOnce({ answers }: Run): Verdict {
  const tries = answers.filter(({ afterWait }) => afterWait);
  const letIn = tries.filter(({ outcome }) => outcome !== 'refused').length;
  return {
    claim: 'a client that waits as told is let in at the next try (9 of 10 at least)',
    // On a machine that is too slow to empty a bucket nobody has to wait, and nothing is wrong.
    kept: letIn >= 0.9 * tries.length,
    measured:
      tries.length > 0 ? `${letIn} of ${tries.length} waits were enough` : 'nobody had to wait',
  };
}

function nearlyAll(load: Load, { answers, ms }: Run): Verdict {
  const { capacity, refillPerSecond, obedient, floodAtMs } = load;
  const pages = answers.filter(
    ({ client, outcome }) => client.startsWith('obedient') && outcome === 'page',
  );
  // They came one by one until the flood, so half of that time is missing on average.
  const eachMs = ms - floodAtMs / 2;
  const given = obedient * (capacity + (refillPerSecond * eachMs) / 1_000);
  // One page at a time: on a machine that is slow enough, a client cannot ask for its whole share.
  const askable = (obedient * eachMs) / median(pages.map(({ tookMs }) => tookMs));
  const due = Math.floor(Math.min(given, askable));
  return {
    claim: 'the obedient clients get nearly all that their buckets give (6 of 10 at least)',
    kept: pages.length >= 0.6 * due,
    measured: `${pages.length} of ${due} pages: ${Math.round((100 * pages.length) / due)} %`,
  };
}

function muchBetter(load: Load, without: Run, limited: Run): Verdict {
  const before = pagesPerSecond(load, without, 'obedient');
  const after = pagesPerSecond(load, limited, 'obedient');
  return {
    claim: 'in the flood, the obedient clients get at least twice as many pages as without',
    kept: after > 0 && after >= 2 * before,
    measured: `${after.toFixed(1)} pages a second instead of ${before.toFixed(1)}`,
  };
}
