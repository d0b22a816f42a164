/** How many of the calls were of the commands that a client sends, not of those in its scripts. */
export function callsOf(
  calls: Readonly<Record<string, number>>,
  commands: readonly string[],
): number {
  return commands.reduce((sum, command) => sum + (calls[command] ?? 0), 0);
}
