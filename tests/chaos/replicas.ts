import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Client } from '../support/http/client.ts';
import { logIn } from '../support/http/client.ts';
import { startPlatter, type Platter, type PlatterOptions } from '../support/program/platter.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.ts';
import type { TestBucket } from '../support/s3/test-bucket.ts';
import { poolFixturesOf, type PoolFixture } from '../support/fixtures/pool-fixture.ts';
import { temporaryFolder } from '../support/files/temporary-folder.ts';
import { openRecords, type Records } from './records.ts';

type TwoOrMore<Item> = readonly [Item, Item, ...Item[]];

/** Several programs on the same database and pools. */
export interface Replicas {
  readonly platters: TwoOrMore<Platter>;
  /** The root client of each program. */
  readonly roots: TwoOrMore<Client>;
  readonly database: TestDatabase;
  /** The database, on a connection that no test cuts. */
  readonly records: Records;
  /** The pools, by their ids. */
  readonly poolFixtures: ReadonlyMap<number, PoolFixture>;
  /** Stops all programs with the checks of `Platter.stop`, and drops the database. */
  stop(): Promise<void>;
}

export interface ReplicaOptions {
  /** How many programs to start in addition to two. */
  readonly additional?: number;
  readonly pools?: readonly { readonly mpid: number; readonly capacity: number | null }[];
  /** The bucket of the pools, each below its own prefix. Default: folders. */
  readonly bucket?: TestBucket;
  readonly env?: Readonly<Record<string, string>>;
  /** As `PlatterOptions.main`. */
  readonly main?: PlatterOptions['main'];
  /**
   * Returns the database URL for the programs, such as that of a proxy. Default: the database
   * itself.
   */
  readonly proxyFor?: (url: string) => Promise<string>;
}

/** Starts the programs one after the other, on a database and pools of their own. */
export async function startReplicas(options: ReplicaOptions = {}): Promise<Replicas> {
  const { bucket } = options;
  const folder = await temporaryFolder();
  const database = await createTestDatabase();
  const pools = (options.pools ?? [{ mpid: 1, capacity: null }]).map(({ mpid, capacity }, index) => ({
    mpid,
    name: `pool ${mpid}`,
    ...locationSettings(mpid, folder, bucket),
    ...(capacity === null ? {} : { capacity }),
    ...(index === 0 ? { default: true } : {}),
  }));
  const poolsFile = stringify({ pools });
  const platter = {
    poolsFile,
    ...(bucket === undefined ? {} : { bucket }),
    ...(options.main === undefined ? {} : { main: options.main }),
    database: { url: (await options.proxyFor?.(database.url)) ?? database.url, drop: async () => Promise.resolve() },
    env: { PLATTER_AUTHKEY_LIFETIME: '86400', ...options.env },
  };
  const platters: [Platter, Platter, ...Platter[]] = [await startPlatter(platter), await startPlatter(platter)];
  for (let more = 0; more < (options.additional ?? 0); more += 1) platters.push(await startPlatter(platter));
  const [first, second, ...others] = platters;
  const records = await openRecords(database.url);
  return {
    platters,
    roots: [
      await logIn(first.url),
      await logIn(second.url),
      ...(await Promise.all(others.map(async ({ url }) => logIn(url)))),
    ],
    database,
    records,
    poolFixtures: poolFixturesOf(poolsFile, folder, bucket),
    stop: async () => {
      try {
        for (const one of [...platters].reverse()) await one.stop();
      } finally {
        await records.close();
        await database.drop();
      }
    },
  };
}

/** Returns the settings of a pool's location for the pools file. */
function locationSettings(
  mpid: number,
  folder: string,
  bucket: TestBucket | undefined,
): Readonly<Record<string, unknown>> {
  if (bucket === undefined) return { path: join(folder, String(mpid)) };
  const { endpoint, bucket: name } = bucket.location;
  return { backend: 's3', bucket: name, prefix: `${mpid}/`, endpoint };
}
