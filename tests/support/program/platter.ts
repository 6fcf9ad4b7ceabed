import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expectQuietLog, expectPoolsMatchRows, untilAllReady, type LogLine } from './platter-checks.ts';
import { closeTestBuckets, openTestBucket, type TestBucket } from '../s3/test-bucket.ts';
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts';
import { poolFixturesOf, type PoolFixture } from '../fixtures/pool-fixture.ts';
import { until } from '../waiting/until.ts';
import { STUCK_AFTER_MS } from '../waiting/stuck-after.ts';

/** The built program, running. */
export interface Platter {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  readonly dataDirectory: string;
  /** The bucket of its pools, or null. */
  readonly bucket: TestBucket | null;
  /** The storage of the first pool. */
  readonly poolFixture: PoolFixture;
  /** The folder of the first pool. Throws if that lies in S3. */
  readonly poolFolder: string;
  /**
   * Returns name and size of everything in the first pool except its marker, including partial
   * files, by name.
   */
  stored(): Promise<[name: string, size: number][]>;
  readonly database: TestDatabase;
  /** All log lines since its first start. */
  readonly log: readonly LogLine[];
  /** Sends the signal and waits for the end, without checks. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /**
   * Starts the program again on the same data, after a clean shutdown if it still runs. The port
   * changes.
   */
  restart(): Promise<void>;
  /**
   * Shuts the program down. Fails if usage has drifted, pools and rows differ, an item is
   * unfinished or the log has errors. Idempotent; runs after the tests of a file for each program
   * that still runs.
   */
  stop(): Promise<void>;
}

export interface PlatterOptions {
  /** Additional settings. */
  readonly env?: Readonly<Record<string, string>>;
  /** The text of the pools file in the data directory. */
  readonly poolsFile?: string;
  /**
   * The bucket of its only pool, or of all S3 pools of its pools file. With TEST_POOLS=s3 each
   * program without other options gets a fresh one.
   */
  readonly bucket?: TestBucket;
  /** An existing database, which its owner drops. Default: a fresh one. */
  readonly database?: TestDatabase;
  /** Returns arguments to put before the command that starts the program. */
  readonly wrapper?: (poolFolder: string) => readonly string[];
  /** Returns the main file of the program, called at each start; undefined for the built one. */
  readonly main?: () => string | undefined;
  /** How many requests the test makes fail unexpectedly. */
  readonly failures?: number;
}

export const ROOT_PASSWORD = 'the password of root';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'dist', 'infrastructure', 'main.js');

const started = new Set<RunningPlatter>();

/**
 * Starts the built program on a fresh data directory and a fresh, migrated database; resolves when
 * it is ready.
 */
export async function startPlatter(options: PlatterOptions = {}): Promise<Platter> {
  const dataDirectory = await realpath(await mkdtemp(join(tmpdir(), 'platter-acceptance-')));
  const { bucket = await bucketFor(options) } = options;
  const platter = new RunningPlatter(
    { ...options, ...(bucket === null ? {} : { bucket }) },
    options.database ?? (await createTestDatabase()),
    dataDirectory,
  );
  started.add(platter);
  if (options.poolsFile !== undefined) await writeFile(join(dataDirectory, 'pools.yml'), options.poolsFile);
  try {
    await platter.start();
  } catch (error) {
    await platter.clear();
    throw error;
  }
  return platter;
}

async function bucketFor({ poolsFile, wrapper, database }: PlatterOptions): Promise<TestBucket | null> {
  const anywhere = poolsFile === undefined && wrapper === undefined && database === undefined;
  return anywhere && process.env.TEST_POOLS === 's3' ? openTestBucket() : null;
}

class RunningPlatter implements Platter {
  readonly dataDirectory: string;
  readonly database: TestDatabase;
  readonly log: LogLine[] = [];
  readonly #options: PlatterOptions;
  readonly #poolFixtures: ReadonlyMap<number, PoolFixture>;
  #process: ChildProcess | null = null;
  #port = 0;
  #stopping: Promise<void> | null = null;

  constructor(options: PlatterOptions, database: TestDatabase, dataDirectory: string) {
    this.#options = options;
    this.database = database;
    this.dataDirectory = dataDirectory;
    this.#poolFixtures = poolFixturesOf(options.poolsFile, dataDirectory, options.bucket);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get process(): ChildProcess {
    if (this.#process === null) throw new Error('Platter was never started');
    return this.#process;
  }

  get bucket(): TestBucket | null {
    return this.#options.bucket ?? null;
  }

  get poolFixture(): PoolFixture {
    const [first] = this.#poolFixtures.values();
    return first!;
  }

  get poolFolder(): string {
    const { folder } = this.poolFixture;
    if (folder === null) throw new Error('the pool lies in S3');
    return folder;
  }

  async stored(): Promise<[name: string, size: number][]> {
    return this.poolFixture.stored();
  }

  async start(): Promise<void> {
    const seen = this.log.length;
    const wrapper = this.#options.wrapper?.(this.poolFolder) ?? [];
    if (wrapper.length > 0) await mkdir(this.poolFolder, { recursive: true });
    const command = [...wrapper, process.execPath, this.#options.main?.() ?? MAIN, 'serve'];
    const child = spawn(command[0]!, command.slice(1), {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    createInterface(child.stdout).on('line', (line) => this.log.push(parseLine(line)));
    createInterface(child.stderr).on('line', (line) => this.log.push({ level: 'error', msg: line }));
    const ready = await until('Platter is ready', () => {
      const line = this.log.slice(seen).find(({ msg }) => msg === 'Platter is ready');
      return line ?? (hasEnded(child) ? 'ended' : null);
    });
    if (ready === 'ended') throw new Error(`Platter did not start: ${JSON.stringify(this.log.slice(seen))}`);
    this.#port = Number(ready.port);
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (hasEnded(child)) return;
    const ended = once(child, 'close');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STUCK_AFTER_MS);
    await ended;
    clearTimeout(timer);
    if (child.signalCode === 'SIGKILL' && signal !== 'SIGKILL') throw new Error(`Platter did not end by ${signal}`);
  }

  async restart(): Promise<void> {
    await this.#end();
    await this.start();
  }

  async stop(): Promise<void> {
    this.#stopping ??= this.#stopAndCheck();
    return this.#stopping;
  }

  async #stopAndCheck(): Promise<void> {
    try {
      if (!hasEnded(this.process)) await untilAllReady(this.database.url);
      await this.#end();
      await expectPoolsMatchRows(this.database.url, this.#poolFixtures);
      expectQuietLog(this.log, this.#options.failures ?? 0);
    } finally {
      await this.clear();
    }
  }

  /** Kills the program and removes its data, without checks. */
  async clear(): Promise<void> {
    started.delete(this);
    await this.kill('SIGKILL');
    await rm(this.dataDirectory, { recursive: true, force: true, maxRetries: 5 });
    if (this.#options.database === undefined) await this.database.drop();
  }

  async #end(): Promise<void> {
    if (hasEnded(this.process)) return;
    await this.kill('SIGTERM');
    expect([this.process.exitCode, this.process.signalCode]).toEqual([0, null]);
  }

  /** Of this process's environment only the variables that every program needs. */
  #environment(): NodeJS.ProcessEnv {
    const { PATH, HOME, TMPDIR } = process.env;
    return {
      PATH,
      HOME,
      TMPDIR,
      DATABASE_URL: this.database.url,
      PLATTER_DATA_DIR: this.dataDirectory,
      PLATTER_PORT: '0',
      // The free space of this machine must not limit what may be stored.
      PLATTER_OVERCOMMIT: '0',
      PLATTER_ROOT_PASSWORD: ROOT_PASSWORD,
      ...(this.#options.poolsFile === undefined ? {} : { PLATTER_POOLS_FILE: join(this.dataDirectory, 'pools.yml') }),
      ...this.#options.bucket?.settings,
      ...this.#options.env,
    };
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { level: 'error', msg: `not a line of the log: ${line}` };
  }
}

// In reverse order: a program that shares a database started after its owner.
afterAll(async () => {
  const faults: unknown[] = [];
  for (const platter of [...started].reverse()) await platter.stop().catch((fault: unknown) => faults.push(fault));
  await closeTestBuckets();
  if (faults.length > 0) throw faults[0];
});
