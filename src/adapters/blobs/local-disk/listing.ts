import { lstat, opendir } from 'node:fs/promises';
import type { BlobEntry } from '../../../application/ports/blob-store.ts';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import type { BlobId } from '../../../domain/shared/ids.ts';
import { systemCode } from './failures.ts';
import { blobNamed, pathsOf } from './paths.ts';

/** The folder is unordered, so each page reads all of it. */
const PAGE_SIZE = 10_000;
/** How many names are read from the folder at once, and how many files are examined at once. */
const NAMES_AT_ONCE = 1024;
const FILES_AT_ONCE = 32;

/**
 * Returns a page of the blobs after `after`, by ascending id; empty only at the end. Memory is
 * bounded by a few pages.
 */
export async function listFolder(folder: string, after: string): Promise<readonly BlobEntry[]> {
  return entriesIn(folder, await firstIds(folder, after));
}

/** Returns the entries of these ids, in their order. */
export async function entriesIn(folder: string, ids: readonly BlobId[]): Promise<readonly BlobEntry[]> {
  const entries: BlobEntry[] = [];
  for (let at = 0; at < ids.length; at += FILES_AT_ONCE) {
    entries.push(...(await Promise.all(ids.slice(at, at + FILES_AT_ONCE).map(async (id) => entryOf(folder, id)))));
  }
  return entries;
}

async function entryOf(folder: string, id: BlobId): Promise<BlobEntry> {
  const { visible, partial } = pathsOf(folder, id);
  const [storedBytes, incompleteWrite] = await Promise.all([sizeOf(visible), sizeOf(partial)]);
  return { id, storedBytes, incompleteWrites: incompleteWrite === null ? 0 : 1 };
}

async function sizeOf(path: string): Promise<Bytes | null> {
  try {
    const stats = await lstat(path);
    return stats.isFile() ? bytes(stats.size) : null;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function firstIds(folder: string, after: string): Promise<readonly BlobId[]> {
  const found = new Set<BlobId>();
  let beyond: BlobId | null = null;
  for await (const { name } of await opendir(folder, { bufferSize: NAMES_AT_ONCE })) {
    const id = blobNamed(name);
    if (id === null || id <= after || (beyond !== null && id >= beyond)) continue;
    found.add(id);
    if (found.size < 2 * PAGE_SIZE) continue;
    const rest = [...found].sort().slice(PAGE_SIZE);
    beyond = rest[0] ?? null;
    for (const excess of rest) found.delete(excess);
  }
  return [...found].sort().slice(0, PAGE_SIZE);
}
