import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoDrift } from './invariant.ts';
import { rowsOf } from './postgres.ts';
import type { TestBucket } from './s3.ts';
import { until } from './until.ts';

/** One line of the program's log. */
export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: string;
  readonly msg: string;
}

const MARKER = '.platter-pool.json';

/** Resolves once nothing is on its way in or out. */
export async function untilSettled(databaseUrl: string): Promise<void> {
  await until('nothing is under way', async () => {
    const underWay = await rowsOf(databaseUrl, `select id from media where state <> 'ready'`);
    return underWay.length === 0;
  });
}

/**
 * Fails unless every usage is right, nothing is under way, and each pool's folder, or bucket, holds the bytes of its finished media, each once whoever
 * shares them, and nothing else.
 */
export async function expectSettled(
  databaseUrl: string,
  poolFolders: ReadonlyMap<number, string>,
  bucket?: TestBucket,
): Promise<void> {
  await expectNoDrift(databaseUrl);
  expect(await rowsOf(databaseUrl, `select id, state from media where state <> 'ready'`)).toEqual([]);
  for (const [pool, folder] of poolFolders) {
    const finished = await rowsOf(
      databaseUrl,
      `select blob_id, min(size) as size from media where pool_id = ${pool} and state = 'ready' group by blob_id order by blob_id`,
    );
    const blobs = await rowsOf(databaseUrl, `select id from blobs where pool_id = ${pool} order by id`);
    expect(blobs.map(({ id }) => id)).toEqual(finished.map(({ blob_id }) => blob_id));
    expect(await filesIn(folder)).toEqual(finished.map(({ blob_id, size }) => [blob_id, Number(size)]));
  }
  if (bucket === undefined) return;
  // What was created and never uploaded needs no object.
  const uploaded = await rowsOf(databaseUrl, `select id, stored_bytes from blobs where sha256 is not null order by id`);
  expect(await bucket.blobs()).toEqual(uploaded.map(({ id, stored_bytes }) => [id, Number(stored_bytes)]));
  expect(await bucket.openUploads()).toEqual([]);
}

/** The files in a pool's folder besides its marker, by name, with their sizes. One that goes while we look may be missing. */
export async function filesIn(folder: string): Promise<[name: string, size: number][]> {
  const names = (await readdir(folder)).filter((name) => name !== MARKER).sort();
  const files = await Promise.all(
    names.map(async (name): Promise<[string, number][]> => {
      const size = await sizeOf(join(folder, name));
      return size === null ? [] : [[name, size]];
    }),
  );
  return files.flat();
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Fails when the program complained of anything, but for as many requests as were made to fail. */
export function expectQuietLog(log: readonly LogLine[], failures: number): void {
  const complaints = log.filter(({ level }) => level === 'error' || level === 'fatal');
  const [expected, others] = [
    complaints.filter(isUnexpectedFailure),
    complaints.filter((l) => !isUnexpectedFailure(l)),
  ];
  expect(others).toEqual([]);
  if (expected.length !== failures) expect(expected).toHaveLength(failures);
}

function isUnexpectedFailure({ msg }: LogLine): boolean {
  return msg.includes('failed unexpectedly');
}
