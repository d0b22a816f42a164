let heading = '';

/** Names what is being done from now on; `say` adds how far it is. */
export function begin(title: string): void {
  heading = title;
  say('…');
}

/** Shows on stderr how far the work is: on one line of a terminal, else on a line each. */
export function say(news: string): void {
  const line = `${heading}: ${news}`;
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
}

/** Clears the line, so that what is printed next begins at its start. */
export function done(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
}
