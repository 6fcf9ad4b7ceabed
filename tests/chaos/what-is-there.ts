import { rowsOf } from '../support/database/test-database.ts';
import { PARTIAL, type PoolFixture } from '../support/fixtures/pool-fixture.ts';
import type { Attempt } from './ledger.ts';
import { sha256Of } from './stage.ts';

/** Where media lie, and their bytes. */
export interface Store {
  readonly databaseUrl: string;
  readonly poolFixture: PoolFixture;
}

/** What is larger holds nothing but zeros, and far too many of them. Bytes. */
const MAX_READ = 16 * 1024 ** 2;

/** Every piece of media with its bytes as they really are, by their ids. */
export async function whatIsThere({ databaseUrl, poolFixture }: Store): Promise<ReadonlyMap<string, Attempt>> {
  const sizes = new Map(await poolFixture.stored());
  const media = await rowsOf(databaseUrl, 'select id, name, size, blob_id from media');
  const entries = media.map(async ({ id, name, size, blob_id }) => {
    const blob = String(blob_id);
    // Zeros need no object. That of something that was uploaded is missed by its digest.
    const isNowhere = poolFixture.folder === null && !sizes.has(blob);
    if (!isNowhere) expect([name, sizes.get(blob)]).toEqual([name, Number(size)]);
    const digest = isNowhere || Number(size) > MAX_READ ? null : sha256Of(await poolFixture.bytes(blob));
    return [String(id), { name: String(name), size: Number(size), sha256: digest }] as const;
  });
  return new Map(await Promise.all(entries));
}

/** The clones whose job ended in `error`, which have to be gone with it. */
export async function failedClones({ databaseUrl }: Store): Promise<ReadonlySet<string>> {
  const failed = await rowsOf(databaseUrl, `select target_media from jobs where state = 'error'`);
  return new Set(failed.map(({ target_media }) => String(target_media)));
}

/** The clones that were promised and are still being made. */
export async function clonesUnderWay({ databaseUrl }: Store): Promise<readonly string[]> {
  const jobs = await rowsOf(databaseUrl, `select target_media from jobs where state = 'started'`);
  return jobs.map(({ target_media }) => String(target_media));
}

/**
 * Rows, files, objects and open uploads that belong to no finished media and to no clone under way.
 */
export async function debrisOf(store: Store): Promise<readonly unknown[]> {
  const cloning = new Set(await clonesUnderWay(store));
  const unfinished = await rowsOf(store.databaseUrl, `select id, state, lease_until from media where state <> 'ready'`);
  const rows = unfinished.filter(({ id }) => !cloning.has(String(id)));
  // Files come and go as long as there are any.
  if (rows.length > 0) return rows;
  const files = await store.poolFixture.stored();
  const blobs = await rowsOf(store.databaseUrl, 'select id from blobs');
  const known = new Set((await rowsOf(store.databaseUrl, 'select blob_id from media')).map(({ blob_id }) => blob_id));
  for (const mid of cloning) known.add(`${PARTIAL}${mid}`);
  return [...files.filter(([name]) => !known.has(name)), ...blobs.filter(({ id }) => !known.has(id))];
}
