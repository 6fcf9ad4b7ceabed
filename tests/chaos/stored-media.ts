import { rowsOf } from '../support/database/test-database.ts';
import { PARTIAL, type PoolFixture } from '../support/fixtures/pool-fixture.ts';
import type { Attempt } from './answer-log.ts';
import { sha256Of } from './expected-state.ts';

/** The database and the pool of one depot. */
export interface DepotAccess {
  readonly databaseUrl: string;
  readonly poolFixture: PoolFixture;
}

/** Larger blobs hold only zeros, too many to read. */
const MAX_READ_BYTES = 16 * 1024 ** 2;

/** Reads every item with the digest of its stored bytes, by id. */
export async function readStoredMedia({
  databaseUrl,
  poolFixture,
}: DepotAccess): Promise<ReadonlyMap<string, Attempt>> {
  const sizes = new Map(await poolFixture.stored());
  const media = await rowsOf(databaseUrl, 'select id, name, size, blob_id from media');
  const entries = media.map(async ({ id, name, size, blob_id }) => {
    const blob = String(blob_id);
    // Zeros need no object. If the object of an uploaded item is missing, its digest is null, which
    // the caller notices.
    const isNowhere = poolFixture.folder === null && !sizes.has(blob);
    if (!isNowhere) expect([name, sizes.get(blob)]).toEqual([name, Number(size)]);
    const digest = isNowhere || Number(size) > MAX_READ_BYTES ? null : sha256Of(await poolFixture.bytes(blob));
    return [String(id), { name: String(name), size: Number(size), sha256: digest }] as const;
  });
  return new Map(await Promise.all(entries));
}

/** Returns the clones whose job ended in `error`. They must not exist any more. */
export async function failedClones({ databaseUrl }: DepotAccess): Promise<ReadonlySet<string>> {
  const failed = await rowsOf(databaseUrl, `select target_media from jobs where state = 'error'`);
  return new Set(failed.map(({ target_media }) => String(target_media)));
}

/** Returns the clones whose job has not ended. */
export async function unfinishedClones({ databaseUrl }: DepotAccess): Promise<readonly string[]> {
  const jobs = await rowsOf(databaseUrl, `select target_media from jobs where state = 'started'`);
  return jobs.map(({ target_media }) => String(target_media));
}

/**
 * Returns the rows, files, objects and open uploads that belong neither to a finished item nor to
 * an unfinished clone.
 */
export async function leftoversOf(store: DepotAccess): Promise<readonly unknown[]> {
  const cloning = new Set(await unfinishedClones(store));
  const unfinished = await rowsOf(store.databaseUrl, `select id, state, lease_until from media where state <> 'ready'`);
  const rows = unfinished.filter(({ id }) => !cloning.has(String(id)));
  // Files change as long as there are unfinished rows.
  if (rows.length > 0) return rows;
  const files = await store.poolFixture.stored();
  const blobs = await rowsOf(store.databaseUrl, 'select id from blobs');
  const known = new Set((await rowsOf(store.databaseUrl, 'select blob_id from media')).map(({ blob_id }) => blob_id));
  for (const mid of cloning) known.add(`${PARTIAL}${mid}`);
  return [...files.filter(([name]) => !known.has(name)), ...blobs.filter(({ id }) => !known.has(id))];
}
