const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const shortDay = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const longDay = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const month = `(?<month>${months.join('|')})`;
const time = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)';

/** IMF-fixdate, which everyone sends, and the two forms that everyone must read. */
const forms = [
  `${shortDay}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT`,
  `${longDay}, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT`,
  `${shortDay} ${month} (?<day>\\d\\d| \\d) ${time} (?<year>\\d{4})`,
].map((form) => new RegExp(`^[ \\t]*${form}[ \\t]*$`));

/** How far ahead a year of two digits may lie, by RFC 9110. */
const farthestYears = 50;

/**
 * Parses a date of HTTP (RFC 9110, section 5.6.7) in any of its three forms, as epoch
 * milliseconds. The day of the week must be one, and is not compared with the date. A year of two
 * digits is the latest that is not more than 50 years after `nowMs`. Undefined if it is no date.
 */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  for (const form of forms) {
    const fields = form.exec(text)?.groups;
    if (fields !== undefined) return instantOf(fields, nowMs);
  }
  return undefined;
}

function instantOf(fields: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const { year = '' } = fields;
  if (year.length === 4) return instantIn(Number(year), fields);
  const latest = new Date(nowMs);
  latest.setUTCFullYear(latest.getUTCFullYear() + farthestYears);
  const century = Math.floor(latest.getUTCFullYear() / 100) * 100;
  // 29 February of the year 00 is in every fourth century only.
  for (const back of [0, 100, 200, 300, 400]) {
    const atMs = instantIn(century - back + Number(year), fields);
    if (atMs !== undefined && atMs <= latest.getTime()) return atMs;
  }
  return undefined;
}

/** The instant, unless the month has no such day. A leap second is the second after it. */
function instantIn(year: number, fields: Readonly<Record<string, string>>): number | undefined {
  const day = Number(fields['day']);
  // `Date.UTC` would take the year 50 for 1950.
  const date = new Date(0);
  date.setUTCFullYear(year, months.indexOf(fields['month'] as string), day);
  if (date.getUTCDate() !== day) return undefined;
  const { hour, minute, second } = fields;
  return date.setUTCHours(Number(hour), Number(minute), Number(second));
}
