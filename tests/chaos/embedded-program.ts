import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { copyPreparedCluster } from '../support/database/prepared-cluster.ts';
import { folderPoolFixture, type PoolFixture } from '../support/fixtures/pool-fixture.ts';
import { temporaryFolder } from '../support/files/temporary-folder.ts';
import { until } from '../support/waiting/until.ts';

/** The built program with an embedded database, for tests that kill either. */
export interface EmbeddedProgram {
  readonly url: string;
  readonly databaseUrl: string;
  readonly poolFixture: PoolFixture;
  /** Kills the program and waits for its end. Its database keeps running. */
  kill(): Promise<void>;
  /** Kills the database. The program restarts it if it still runs. */
  killDatabase(): Promise<void>;
  /** Starts the program unless it runs; resolves when it is ready. */
  start(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'infrastructure', 'main.js');

const running = new Set<ChildProcess>();

/**
 * Prepares the program on a fresh data directory, with the default configuration except for `env`.
 * Starts nothing.
 */
export async function prepareEmbeddedProgram(env: Readonly<Record<string, string>> = {}): Promise<EmbeddedProgram> {
  const directory = await temporaryFolder();
  await copyPreparedCluster(join(directory, 'postgres'));
  let child: ChildProcess | null = null;
  let url = '';
  let databaseUrl = '';

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child === null) return;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
    running.delete(child);
    child = null;
  }

  async function start(): Promise<void> {
    if (child !== null) return;
    const { PATH, HOME, TMPDIR } = process.env;
    child = spawn(process.execPath, [MAIN, 'serve'], {
      env: {
        PATH,
        HOME,
        TMPDIR,
        PLATTER_DATA_DIR: directory,
        PLATTER_PORT: '0',
        // The free space of this machine must not limit what may be stored.
        PLATTER_OVERCOMMIT: '0',
        PLATTER_ROOT_PASSWORD: ROOT_PASSWORD,
        PLATTER_AUTHKEY_LIFETIME: '86400',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.add(child);
    const lines = createInterface(child.stdout!);
    const port = await new Promise<number>((resolve, reject) => {
      lines.on('line', (line) => {
        const { msg, port } = JSON.parse(line) as { msg: string; port?: number };
        if (msg === 'Platter is ready') resolve(port!);
      });
      child!.once('close', () =>
        reject(new Error('the program ended before it was ready; see its error output above')),
      );
    });
    url = `http://127.0.0.1:${port}`;
    const connection = await readFile(join(directory, 'connection.json'), 'utf8');
    ({ databaseUrl } = JSON.parse(connection) as { databaseUrl: string });
  }

  stopping.push(async () => {
    // A clean shutdown ends its database too.
    await start();
    await end('SIGTERM');
  });
  return {
    get url() {
      return url;
    },
    get databaseUrl() {
      return databaseUrl;
    },
    poolFixture: folderPoolFixture(join(directory, 'pools', '1')),
    kill: async () => end('SIGKILL'),
    killDatabase: async () => {
      const note = await readFile(join(directory, 'postgres', 'cluster', 'pgdata', 'postmaster.pid'), 'utf8');
      const postmaster = Number.parseInt(note, 10);
      process.kill(postmaster, 'SIGKILL');
      await until('the end of the database', () => !isAlive(postmaster));
    },
    start,
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const stopping: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const stop of stopping.splice(0)) await stop();
  for (const child of running) child.kill('SIGKILL');
});
