/** The error of whoever needs a server program that this machine has not. */
export function missing(name: string): Error {
  return new Error(`${name} is not installed on this machine: run \`npm run services\` first`);
}
