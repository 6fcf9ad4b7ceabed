import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesIn } from '../support/platter-checks.ts';
import { rowsOf } from '../support/postgres.ts';
import type { Attempt } from './ledger.ts';
import { sha256Of } from './stage.ts';

/** Where media lie, and their bytes. */
export interface Store {
  readonly databaseUrl: string;
  readonly poolFolder: string;
}

/** Every piece of media with its bytes as they really are, by their ids. */
export async function whatIsThere({ databaseUrl, poolFolder }: Store): Promise<ReadonlyMap<string, Attempt>> {
  const sizes = new Map(await filesIn(poolFolder));
  const media = await rowsOf(
    databaseUrl,
    'select media.id, name, size, blob_id, sha256 from media join blobs on blobs.id = blob_id',
  );
  const entries = media.map(async ({ id, name, size, blob_id, sha256 }) => {
    const blob = String(blob_id);
    expect([name, sizes.get(blob)]).toEqual([name, Number(size)]);
    const digest = sha256 === null ? null : sha256Of(await readFile(join(poolFolder, blob)));
    return [String(id), { name: String(name), size: Number(size), sha256: digest }] as const;
  });
  return new Map(await Promise.all(entries));
}

/** Rows and files that belong to no finished media. */
export async function debrisOf({ databaseUrl, poolFolder }: Store): Promise<readonly unknown[]> {
  const rows = await rowsOf(databaseUrl, `select id, state, lease_until from media where state <> 'ready'`);
  // Files come and go as long as there are any.
  if (rows.length > 0) return rows;
  const known = new Set((await rowsOf(databaseUrl, 'select blob_id from media')).map(({ blob_id }) => blob_id));
  const blobs = await rowsOf(databaseUrl, 'select id from blobs');
  const files = await filesIn(poolFolder);
  return [...files.filter(([name]) => !known.has(name)), ...blobs.filter(({ id }) => !known.has(id))];
}
