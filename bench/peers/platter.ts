import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { start, type Program } from '../frame/program.ts';
import type { Bench } from '../frame/bench.ts';
import { ask } from '../client/ask.ts';
import { headOf } from '../client/transfers.ts';
import type { Catalogue } from './server.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'infrastructure', 'main.js');
const PASSWORD = 'the password of root';

/** The built program with a fresh data directory and the embedded database. */
export interface Platter extends Catalogue {
  readonly url: string;
  /** The group of all items. */
  readonly gid: number;
  readonly dataDirectory: string;
  /** The URL of its database. */
  readonly databaseUrl: string;
  /** The headers of root, for Velocity and for CloudSigma. */
  readonly authkey: Readonly<Record<string, string>>;
  readonly basic: Readonly<Record<string, string>>;
  /** Resolves with the head of an upload; of a read-only disk by default. */
  upload(bytes: number, kind?: { readonly type: 'ISO' | 'DISK'; readonly readOnly: boolean }): Promise<string>;
  /** The ids of the items, oldest first. */
  media(): Promise<readonly Medium[]>;
}

export interface Medium {
  readonly mid: string;
  readonly size: number;
}

export interface PlatterOptions {
  /** Additional settings. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder of its pool; by default in the data directory. */
  readonly pool?: string;
}

/** Returns a pools file with one pool in this folder. */
function poolIn(folder: string): string {
  return `pools:\n  - mpid: 1\n    name: bench\n    path: ${JSON.stringify(folder)}\n`;
}

/** Starts Platter, and resolves when it is ready. */
export async function startPlatter(bench: Bench, { env = {}, pool }: PlatterOptions = {}): Promise<Platter> {
  const dataDirectory = await bench.folder();
  const poolsFile = join(dataDirectory, 'pools.yaml');
  if (pool !== undefined) await writeFile(poolsFile, poolIn(pool));
  const pools = pool === undefined ? {} : { PLATTER_POOLS_FILE: poolsFile };
  const { pid, readyLine } = await startProgram(bench, dataDirectory, { ...env, ...pools });
  const port = (JSON.parse(readyLine) as { port: number }).port;
  const url = `http://127.0.0.1:${port}`;
  const login = await ask<{ authkey: string }>(url, 'POST', '/u/auth', {}, { name: 'root', password: PASSWORD });
  const authkey = { Authorization: `Bearer ${login.authkey}` };
  const basic = { Authorization: `Basic ${Buffer.from(`root:${PASSWORD}`).toString('base64')}` };
  const { gid } = await ask<{ gid: number }>(url, 'PUT', '/u/group', authkey, { name: 'bench', parent_gid: 0 });
  const quota = 2 ** 50;
  await ask(url, 'PUT', '/m/pool/assign', authkey, { gid, mpid: 1, quota, write: true, manage: true });
  const { databaseUrl } = JSON.parse(await readFile(join(dataDirectory, 'connection.json'), 'utf8')) as {
    databaseUrl: string;
  };
  const list = async (): Promise<readonly Medium[]> =>
    (await ask<{ media: Medium[] }>(url, 'POST', '/m/media/list', authkey, { gid })).media;
  let named = 0;
  return {
    name: 'Platter',
    pid,
    port,
    url,
    gid,
    dataDirectory,
    databaseUrl,
    authkey,
    basic,
    media: list,
    async upload(bytes, { type, readOnly } = { type: 'DISK', readOnly: true }) {
      named += 1;
      return headOf('PUT', '/m/media/upload', {
        ...authkey,
        'x-velocity-mpid': 1,
        'x-velocity-gid': gid,
        'x-velocity-name': `upload ${named}`,
        'x-velocity-type': type,
        'x-velocity-readonly': String(readOnly),
        'Content-Length': bytes,
      });
    },
    async download() {
      const [first] = await list();
      return headOf('GET', `/m/media/${first?.mid ?? ''}/content`, authkey);
    },
    async empty() {
      await Promise.all((await list()).map(async ({ mid }) => ask(url, 'DELETE', '/m/media', authkey, { mid })));
    },
  };
}

/** Starts the program on a data directory; `readyLine` is its log line. */
export async function startProgram(
  bench: Bench,
  dataDirectory: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  return start(bench, {
    command: [process.execPath, MAIN, 'serve'],
    env: {
      PLATTER_DATA_DIR: dataDirectory,
      PLATTER_PORT: '0',
      PLATTER_OVERCOMMIT: '0',
      PLATTER_ROOT_PASSWORD: PASSWORD,
      // The bench runs longer than the default lifetime of an authkey.
      PLATTER_AUTHKEY_LIFETIME: '86400',
      ...env,
    },
    ready: '"msg":"Platter is ready"',
    log: join(dataDirectory, 'log'),
  });
}
