import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, type Command, spawnChild } from './child.js';
import { end } from './ending.mjs';
import { freePort } from './free-port.js';
import { guard } from './reaper.js';
import { until } from './until.js';

/** A real server of this run's own: on 127.0.0.1, in a temporary folder, gone afterwards. */
export interface Server extends AsyncDisposable {
  /** Where clients connect. */
  readonly url: string;
  /** Always 127.0.0.1. */
  readonly host: string;
  /** Its TCP port, the same after each restart. */
  readonly port: number;
  /** The process that runs now, another one after each restart. */
  readonly pid: number;
  /** Its folder: its files, and its output in `server.log`. */
  readonly dir: string;
  /** Ends it and deletes its folder. Calling it again changes nothing. */
  stop(): Promise<void>;
  /** `kill -9`; resolves when the process is gone. The folder stays, for `restart()`. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open, and nothing is answered. */
  pause(): void;
  /** SIGCONT: everything that came meanwhile is answered now. */
  resume(): void;
  /** Starts it again on the same port and folder, after an orderly end if it still ran. */
  restart(): Promise<void>;
}

/** What tells one kind of server from another. */
export interface Recipe {
  /** A word for the folder's name and for messages. */
  readonly name: string;
  /** Where the folder is made. @defaultValue the system's temporary folder */
  readonly parent?: string;
  /** The port, where it may not be any free one. */
  readonly port?: number | undefined;
  /** Further ports that it takes, counted from its own. */
  readonly offsets?: readonly number[];
  /** The signal that ends it in good order. */
  readonly quit: NodeJS.Signals;
  /** The URL at a port. */
  url(port: number): string;
  /** Fills the folder once, before the first start; `run` awaits a program's success. */
  prepare?(dir: string, run: (command: Omit<Command, 'stdio'>) => Promise<void>): Promise<void>;
  /** The command of one start. */
  command(dir: string, port: number): Omit<Command, 'stdio'>;
  /** Whether this very process answers: another one may have taken the port. */
  ready(place: { dir: string; port: number; pid: number }): Promise<boolean>;
}

const prepareWithinMs = 120_000;
const startWithinMs = 60_000;
const quitWithinMs = 10_000;
const portTries = 5;

/** The folder and its log, in which every program of the server writes. */
function makePlace({ name, parent = tmpdir() }: Recipe) {
  const dir = mkdtempSync(join(realpathSync(parent), `gabion-${name}-`));
  const log = join(dir, 'server.log');
  const watch = guard({ dir });
  const spawnLogged = (command: Omit<Command, 'stdio'>): Child => {
    const output = openSync(log, 'a');
    try {
      const ward = { dir, family: true };
      return spawnChild({ ...command, stdio: ['ignore', output, output] }, watch, ward);
    } finally {
      closeSync(output);
    }
  };
  const complaint = (what: string) =>
    new Error(`${name} ${what}; the end of its log:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
  return { dir, watch, spawnLogged, complaint };
}

type Place = ReturnType<typeof makePlace>;

/** Starts the process and waits until it answers, or says why it did not. */
async function launch(recipe: Recipe, place: Place, port: number): Promise<Child> {
  const { dir } = place;
  const child = place.spawnLogged(recipe.command(dir, port));
  const { pid } = child;
  const answers = () => recipe.ready({ dir, port, pid }).catch(() => false);
  try {
    await until(async () => !child.running || (await answers()), {
      timeoutMs: startWithinMs,
      what: `${recipe.name} at ${recipe.url(port)}`,
    });
  } catch (error) {
    await child.kill();
    throw error;
  }
  if (!child.running) throw place.complaint('ended at its start');
  // A script that forgets `stop()` may still end: the watcher does it then.
  child.process.unref();
  return child;
}

/** Runs a program to its end, for what a server needs before its first start. */
async function runToEnd(place: Place, name: string, command: Omit<Command, 'stdio'>) {
  const child = place.spawnLogged(command);
  const what = `${command.file} for ${name}`;
  try {
    await until(() => !child.running, { timeoutMs: prepareWithinMs, what });
  } finally {
    await child.kill();
  }
  const { code } = await child.exited;
  if (code !== 0) throw place.complaint(`cannot be prepared by ${command.file}`);
}

/** Finds a port for the first start; another process may take it first, so it tries again. */
async function settle(recipe: Recipe, place: Place): Promise<{ child: Child; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = recipe.port ?? (await freePort(recipe.offsets));
    try {
      return { child: await launch(recipe, place, port), port };
    } catch (error) {
      const taken = /address already in use|could not bind/i.test(String(error));
      if (!taken || recipe.port !== undefined || attempt === portTries) throw error;
    }
  }
}

async function quit(child: Child, recipe: Recipe): Promise<void> {
  // A stopped process takes a signal only when it goes on.
  child.signal('SIGCONT');
  if (child.running) process.kill(child.pid, recipe.quit);
  await until(() => !child.running, { timeoutMs: quitWithinMs }).catch(() => child.kill());
}

/** Starts a server by its recipe. Nothing of it is left when it cannot be started. */
export async function startServer(recipe: Recipe): Promise<Server> {
  const place = makePlace(recipe);
  const { dir, watch } = place;
  try {
    await recipe.prepare?.(dir, (command) => runToEnd(place, recipe.name, command));
    const { child, port } = await settle(recipe, place);
    return handle({ recipe, place, port, child });
  } catch (error) {
    await end({ dir });
    watch.release();
    throw error;
  }
}

interface Parts {
  readonly recipe: Recipe;
  readonly place: Place;
  readonly port: number;
  readonly child: Child;
}

function handle({ recipe, place, port, child: firstChild }: Parts): Server {
  const { dir, watch } = place;
  // Written by `restart()` only, after the process before it is gone.
  let child = firstChild;
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await child.kill();
    await end({ dir });
    watch.release();
  };
  const server: Server = {
    url: recipe.url(port),
    host: '127.0.0.1',
    port,
    dir,
    get pid() {
      return child.pid;
    },
    stop: () => (stopping ??= stop()),
    kill: () => child.kill(),
    pause: () => child.signal('SIGSTOP'),
    resume: () => child.signal('SIGCONT'),
    async restart() {
      if (stopping) throw new Error(`${recipe.name} was stopped and its folder deleted`);
      await quit(child, recipe);
      child = await launch(recipe, place, port);
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
  return server;
}
