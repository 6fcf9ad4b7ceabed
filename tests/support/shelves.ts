import { readFile, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { TestBucket } from './s3.ts';

const MARKER = '.platter-pool.json';

/**
 * What is not whole yet lies under this and its own name; an open upload to S3 counts as if it did.
 */
export const PARTIAL = '.partial-';

/** Where a pool lies: a folder, or a prefix of a bucket. */
export interface Shelf {
  /** Null in S3, where zeros need no object and nobody writes in place. */
  readonly folder: string | null;
  /**
   * What lies there besides the marker, half-written things and all, by ascending name, with the
   * sizes. S3 tells no size of an open upload: 0.
   */
  stored(): Promise<[name: string, size: number][]>;
  /** Fails where nothing has this name. */
  bytes(name: string): Promise<Buffer>;
}

export function folderShelf(folder: string): Shelf {
  return {
    folder,
    stored: async () => filesIn(folder),
    bytes: async (name) => readFile(join(folder, name)),
  };
}

export function bucketShelf(bucket: TestBucket, prefix = ''): Shelf {
  return {
    folder: null,
    stored: async () => {
      // Uploads first: one that becomes an object meanwhile is seen twice rather than never.
      const open = await bucket.openUploads(prefix);
      const whole = await bucket.keys(prefix);
      const found = [
        ...open.map((key): [string, number] => [`${PARTIAL}${key.slice(prefix.length)}`, 0]),
        ...whole.map(([key, size]): [string, number] => [key.slice(prefix.length), size]),
      ];
      return found.filter(([name]) => name !== MARKER).sort(byName);
    },
    bytes: async (name) => bucket.read(prefix + name),
  };
}

function byName([left]: readonly [string, number], [right]: readonly [string, number]): number {
  return left < right ? -1 : 1;
}

/** The files in a pool's folder besides its marker, by name, with their sizes. */
export async function filesIn(folder: string): Promise<[name: string, size: number][]> {
  const names = (await readdir(folder)).filter((name) => name !== MARKER).sort();
  const sizes = await Promise.all(names.map(async (name) => sizeOf(join(folder, name))));
  return names.flatMap((name, at) => (sizes[at] === null ? [] : [[name, sizes[at]!]]));
}

/** Null where it has gone meanwhile. */
async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Where the pools of a host lie, by their ids, in the order of its pools file; without one there is
 * pool 1, in the bucket or below the data directory. Pools of the file that lie in S3 lie in the
 * bucket.
 */
export function shelvesOf(
  poolsFile: string | undefined,
  dataDirectory: string,
  bucket: TestBucket | undefined,
): ReadonlyMap<number, Shelf> {
  if (poolsFile === undefined) {
    return new Map([[1, bucket === undefined ? folderShelf(join(dataDirectory, 'pools', '1')) : bucketShelf(bucket)]]);
  }
  const { pools } = parse(poolsFile) as { pools: { mpid: number; path?: string; prefix?: string }[] };
  return new Map(
    pools.map(({ mpid, path, prefix }) => [
      mpid,
      path === undefined ? bucketShelf(bucket!, prefix) : folderShelf(resolve(dataDirectory, path)),
    ]),
  );
}
