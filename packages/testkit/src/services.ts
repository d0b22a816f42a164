import {
  type Binary,
  findBinary,
  pgBouncerBinary,
  postgresBinary,
  redisBinary,
} from './binaries.js';

/** A server program that tests need, and how each system installs it. */
export interface Service {
  /** Its name in messages. */
  readonly name: string;
  /** The program. */
  readonly binary: Binary;
  /** The package of Debian, Ubuntu and their kin. */
  readonly debianPackage: string;
  /** The formula of Homebrew. */
  readonly brewFormula: string;
  /** The environment's variable that names one which runs already. */
  readonly urlVariable?: string;
}

/** All services that tests need. */
export const services: readonly Service[] = [
  {
    name: 'Redis',
    binary: redisBinary,
    debianPackage: 'redis-server',
    brewFormula: 'redis',
    urlVariable: 'REDIS_URL',
  },
  {
    name: 'PostgreSQL',
    binary: postgresBinary,
    debianPackage: 'postgresql',
    brewFormula: 'postgresql@17',
    urlVariable: 'DATABASE_URL',
  },
  {
    name: 'PgBouncer',
    binary: pgBouncerBinary,
    debianPackage: 'pgbouncer',
    brewFormula: 'pgbouncer',
  },
];

/** What decides how something can be installed here. */
export interface System {
  /** As `process.platform` says it. */
  readonly platform: string;
  /** Whether we are root. */
  readonly root: boolean;
  /** Whether there is `apt-get`. */
  readonly apt: boolean;
  /** Whether there is `brew`. */
  readonly brew: boolean;
}

/** One command of an installation. */
export interface Step {
  /** What it is for. */
  readonly purpose: string;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Whether the rest may go on when it fails. */
  readonly mayFail: boolean;
}

/** What to do about the services that were not found. */
export type Plan =
  | { readonly status: 'complete' }
  | { readonly status: 'install'; readonly steps: readonly Step[]; readonly byHand: string }
  | { readonly status: 'stuck'; readonly reason: string; readonly byHand: string };

/** The services whose programs `find` does not find. */
export function missingServices(
  find: (binary: Binary) => string | undefined = findBinary,
): readonly Service[] {
  return services.filter(({ binary }) => find(binary) === undefined);
}

function planBrew({ root, brew }: System, missing: readonly Service[]): Plan {
  const formulas = missing.map(({ brewFormula }) => brewFormula);
  const byHand = `brew install ${formulas.join(' ')}`;
  if (!brew) {
    return { status: 'stuck', reason: 'Homebrew (https://brew.sh) is not installed', byHand };
  }
  if (root) return { status: 'stuck', reason: 'Homebrew refuses to run as root', byHand };
  const purpose = `install ${formulas.join(' and ')} with Homebrew`;
  const command = ['brew', 'install', ...formulas] as const;
  return { status: 'install', steps: [{ purpose, command, mayFail: false }], byHand };
}

function planDebian({ root, apt }: System, missing: readonly Service[]): Plan {
  const packages = missing.map(({ debianPackage }) => debianPackage);
  const byHand = `sudo apt-get update && sudo apt-get install -y ${packages.join(' ')}`;
  if (!apt) {
    const reason = 'this system has no package manager that this script knows (apt-get, brew)';
    return { status: 'stuck', reason, byHand };
  }
  if (!root) return { status: 'stuck', reason: 'installing packages needs root', byHand };
  // On a machine that has just started, its own upgrades hold the lock for a while.
  const patient = ['-o', 'DPkg::Lock::Timeout=300'] as const;
  const update: Step = {
    purpose: 'fetch the lists of packages',
    command: ['apt-get', 'update'],
    // One broken list of a third party is no obstacle while the others are there.
    mayFail: true,
  };
  const install: Step = {
    purpose: `install ${packages.join(' and ')} with apt-get`,
    command: ['apt-get', ...patient, 'install', '-y', ...packages],
    mayFail: false,
  };
  return { status: 'install', steps: [update, install], byHand };
}

/** Decides how the missing services get onto this system; does nothing itself. */
export function planServices(system: System, missing: readonly Service[]): Plan {
  if (missing.length === 0) return { status: 'complete' };
  return system.platform === 'darwin' ? planBrew(system, missing) : planDebian(system, missing);
}
