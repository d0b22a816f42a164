import type { Server } from './server.js';

interface Shared {
  users: number;
  readonly server: Promise<Server>;
}

/** Where a run's servers come from. */
export interface Source {
  /** The environment's variable with the URL of a server that runs already. */
  readonly variable: string;
  /** Starts one for this run. */
  readonly start: () => Promise<Server>;
}

/** What a run was given: a URL, if there is one, and the end of it. */
export interface Lease {
  /** The server's URL; `undefined` when this run shall do without servers. */
  readonly url: string | undefined;
  /** Gives it back; the last one who does ends a server that was started for the run. */
  readonly giveBack: () => Promise<void>;
}

/**
 * Each project of a Vitest run loads the set-up as a module of its own, so what they share is
 * kept on the global object, under a symbol that all of them can name.
 */
const key = Symbol.for('gabion.testkit.servers');
const holder = globalThis as { [key]?: Map<string, Shared> };

/**
 * Lends the server of this run: the environment's, else one that is started by the first who
 * asks and ended by the last who gives it back. With `GABION_NO_SERVERS=1` none is started.
 */
export async function lendServer({ variable, start }: Source): Promise<Lease> {
  const url = process.env[variable];
  const giveNothingBack = async () => undefined;
  if (url || process.env['GABION_NO_SERVERS'] === '1') return { url, giveBack: giveNothingBack };
  holder[key] ??= new Map();
  const servers = holder[key];
  const shared = servers.get(variable) ?? { users: 0, server: start() };
  servers.set(variable, shared);
  shared.users += 1;
  const server = await shared.server;
  return {
    url: server.url,
    async giveBack() {
      shared.users -= 1;
      if (shared.users > 0) return;
      servers.delete(variable);
      await server.stop();
    },
  };
}
