const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const two = (number: number) => String(number).padStart(2, '0');

function partsOf(atMs: number) {
  const date = new Date(atMs);
  const day = days[date.getUTCDay()] as string;
  const month = months[date.getUTCMonth()] as string;
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two);
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  return { day, month, date: date.getUTCDate(), time: clock.join(':'), year };
}

/** `Sun, 06 Nov 1994 08:49:37 GMT` */
export function imfFixdate(atMs: number): string {
  const { day, month, date, time, year } = partsOf(atMs);
  return `${day.slice(0, 3)}, ${two(date)} ${month} ${year} ${time} GMT`;
}

/** `Sunday, 06-Nov-94 08:49:37 GMT` */
export function rfc850(atMs: number): string {
  const { day, month, date, time, year } = partsOf(atMs);
  return `${day}, ${two(date)}-${month}-${year.slice(-2)} ${time} GMT`;
}

/** `Sun Nov  6 08:49:37 1994` */
export function asctime(atMs: number): string {
  const { day, month, date, time, year } = partsOf(atMs);
  return `${day.slice(0, 3)} ${month} ${String(date).padStart(2, ' ')} ${time} ${year}`;
}
