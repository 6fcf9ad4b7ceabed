import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Client } from '../support/client.ts';
import { logIn } from '../support/client.ts';
import { startPlatter, type Platter } from '../support/platter.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openRecords, type Records } from './records.ts';

/** Two programs on the same database and the same folders of their pools. */
export interface Replicas {
  readonly platters: readonly [Platter, Platter];
  /** Root, on each of them. */
  readonly roots: readonly [Client, Client];
  readonly database: TestDatabase;
  /** The database, on a connection that nobody cuts. */
  readonly records: Records;
  readonly poolFolders: ReadonlyMap<number, string>;
  /** Ends both, checking what `Platter.stop` checks, and removes the database. */
  stop(): Promise<void>;
}

export interface ReplicaOptions {
  readonly pools?: readonly { readonly mpid: number; readonly capacity: number | null }[];
  readonly env?: Readonly<Record<string, string>>;
  /** The way to the database that the programs take, where it is not the straight one. */
  readonly via?: (url: string) => Promise<string>;
}

/** Starts them one after the other; nobody but their tests uses what they share. */
export async function startReplicas(options: ReplicaOptions = {}): Promise<Replicas> {
  const folder = await temporaryFolder();
  const database = await createTestDatabase();
  const pools = (options.pools ?? [{ mpid: 1, capacity: null }]).map(({ mpid, capacity }, place) => ({
    mpid,
    name: `pool ${mpid}`,
    path: join(folder, String(mpid)),
    ...(capacity === null ? {} : { capacity }),
    ...(place === 0 ? { default: true } : {}),
  }));
  const platter = {
    poolsFile: stringify({ pools }),
    database: { url: (await options.via?.(database.url)) ?? database.url, drop: async () => Promise.resolve() },
    env: { PLATTER_AUTHKEY_LIFETIME: '86400', ...options.env },
  };
  const first = await startPlatter(platter);
  const second = await startPlatter(platter);
  const records = await openRecords(database.url);
  return {
    platters: [first, second],
    roots: [await logIn(first.url), await logIn(second.url)],
    database,
    records,
    poolFolders: new Map(pools.map(({ mpid, path }) => [mpid, path])),
    stop: async () => {
      try {
        await second.stop();
        await first.stop();
      } finally {
        await records.close();
        await database.drop();
      }
    },
  };
}
