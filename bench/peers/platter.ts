import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { start, type Program } from '../frame/program.ts';
import type { Bench } from '../frame/bench.ts';
import { ask } from '../client/ask.ts';
import { headOf } from '../client/transfers.ts';
import type { Catalogue } from './server.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'infrastructure', 'main.js');
const PASSWORD = 'the password of root';

/** The built program, with a fresh data directory and a PostgreSQL of its own. */
export interface Platter extends Catalogue {
  readonly url: string;
  /** The group that everything belongs to. */
  readonly gid: number;
  /** Of its database. */
  readonly databaseUrl: string;
  /** The headers of whoever may do everything, for Velocity and for CloudSigma. */
  readonly authkey: Readonly<Record<string, string>>;
  readonly basic: Readonly<Record<string, string>>;
  /** Of a disk that nobody writes to, where nothing else is said. */
  upload(bytes: number, kind?: { readonly type: 'ISO' | 'DISK'; readonly readOnly: boolean }): Promise<string>;
  /** What lies there, the oldest first. */
  media(): Promise<readonly Medium[]>;
}

export interface Medium {
  readonly mid: string;
  readonly size: number;
}

export interface PlatterOptions {
  /** Settings besides the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that its pool is to lie in, and not in the data directory. */
  readonly pool?: string;
}

/** The pools file of a single pool that lies in this folder. */
function poolIn(folder: string): string {
  return `pools:\n  - mpid: 1\n    name: bench\n    path: ${JSON.stringify(folder)}\n`;
}

/** Starts it; resolves when it serves. */
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

/** The program alone, ready on a data directory; `readyLine` is what it logged then. */
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
      // The bench takes longer than an authkey lives.
      PLATTER_AUTHKEY_LIFETIME: '86400',
      ...env,
    },
    ready: '"msg":"Platter is ready"',
    log: join(dataDirectory, 'log'),
  });
}
