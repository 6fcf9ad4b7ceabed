import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endPostmaster, findPostmaster } from '../../../src/adapters/embedded-postgres/postmaster.ts';
import { copyPreparedCluster } from '../../support/database/prepared-cluster.ts';
import { createTestDatabase } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';
import { killAll, MAIN, Program, type End } from './program.ts';

export type Settings = Readonly<Record<string, string>>;

/** A command that has ended, with its output. */
export interface Finished extends End {
  readonly output: string;
  readonly complaints: string;
}

export interface Manner {
  /** `npm start` instead of the program itself. */
  readonly npm?: boolean;
  /** A prefix of the command. */
  readonly before?: readonly string[];
}

const installations: Installation[] = [];

/** A Platter with its own data directory, which may be started repeatedly. */
export class Installation {
  /** A folder for files of the test. */
  readonly folder: string;
  readonly dataDirectory: string;
  readonly #databaseUrl: string | null;

  private constructor(folder: string, databaseUrl: string | null) {
    this.folder = folder;
    this.dataDirectory = join(folder, 'data');
    this.#databaseUrl = databaseUrl;
    installations.push(this);
  }

  /** Creates one with the embedded database, from a copied cluster if `initialised`. */
  static async embedded({ initialised = true } = {}): Promise<Installation> {
    const installation = new Installation(await freshFolder(), null);
    if (initialised) await copyPreparedCluster(join(installation.dataDirectory, 'postgres'));
    return installation;
  }

  /** Creates one that uses an existing database, by default a new test database. */
  static async beside(databaseUrl?: string): Promise<Installation> {
    return new Installation(await freshFolder(), databaseUrl ?? (await createTestDatabase()).url);
  }

  /** The folder of the pool without a pools file. */
  get poolFolder(): string {
    return join(this.dataDirectory, 'pools', '1');
  }

  /** The URL of its database; of the embedded one only while it runs. */
  async databaseUrl(): Promise<string> {
    if (this.#databaseUrl !== null) return this.#databaseUrl;
    const text = await readFile(join(this.dataDirectory, 'connection.json'), 'utf8');
    return (JSON.parse(text) as { databaseUrl: string }).databaseUrl;
  }

  /** The generated password of root. */
  async rootPassword(): Promise<string> {
    return (await readFile(join(this.dataDirectory, 'root-password'), 'utf8')).trim();
  }

  start(settings: Settings = {}, { npm = false, before = [] }: Manner = {}): Program {
    const command = npm ? ['npm', 'start'] : [process.execPath, MAIN, 'serve'];
    return this.#launch([...before, ...command], settings, true);
  }

  /** Starts a command of the program. */
  begin(args: readonly string[], settings: Settings = {}, input?: string): Program {
    return this.#launch([process.execPath, MAIN, ...args], settings, false, input);
  }

  /** Runs a command of the program to its end. */
  async run(args: readonly string[], settings: Settings = {}, input?: string): Promise<Finished> {
    const program = this.begin(args, settings, input);
    const end = await program.ended();
    const output = [...program.strayLines, ...program.log.map((line) => JSON.stringify(line))].join('\n');
    return { ...end, output, complaints: program.complaints };
  }

  /** Starts a service that must not become ready. Resolves with its standard error. */
  async refusal(settings: Settings = {}, manner: Manner = {}): Promise<string> {
    const program = this.start(settings, manner);
    await until('it ends or serves', () => program.hasEnded || program.isReady);
    expect(program.isReady).toBe(false);
    expect(await program.ended()).toEqual({ code: 1, signal: null });
    return program.complaints;
  }

  async remove(): Promise<void> {
    const cluster = join(this.dataDirectory, 'postgres', 'cluster', 'pgdata');
    const left = await findPostmaster(cluster);
    if (left !== null) await endPostmaster(left);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #launch(command: readonly string[], settings: Settings, logsOnly: boolean, input?: string): Program {
    // Only the part of the environment that a program needs to run.
    const { PATH, HOME, TMPDIR } = process.env;
    const env = {
      PATH,
      HOME,
      TMPDIR,
      ...(this.#databaseUrl === null ? {} : { DATABASE_URL: this.#databaseUrl }),
      PLATTER_DATA_DIR: this.dataDirectory,
      PLATTER_PORT: '0',
      // The limit of a pool must not depend on the disk of the machine.
      PLATTER_OVERCOMMIT: '0',
      ...settings,
    };
    const passed = [env.DATABASE_URL, settings.PLATTER_ROOT_PASSWORD, input?.trim()];
    return new Program({
      command,
      env,
      ...(input === undefined ? {} : { input }),
      logsOnly,
      secrets: async () => {
        const stored = [this.rootPassword(), this.databaseUrl()].map(async (secret) => secret.catch(() => undefined));
        return [...passed, ...(await Promise.all(stored))].filter((secret): secret is string => !!secret);
      },
    });
  }
}

async function freshFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'platter-start-')));
  // Started as root, the embedded database runs as another user, which must enter the folder.
  await chmod(folder, 0o711);
  return folder;
}

afterAll(async () => {
  await killAll();
  for (const installation of installations.splice(0)) await installation.remove();
});
