import type { BlobEntry } from '../../../application/ports/blob-store.ts';
import { bytes } from '../../../domain/shared/bytes.ts';
import type { BlobId } from '../../../domain/shared/ids.ts';
import type { Bucket } from './bucket.ts';
import { blobNamed, blobOfPartial, tailsEndOf } from './keys.ts';
import type { OpenUpload } from './open-upload.ts';
import { partialKeysOf } from './tails.ts';

const PAGE_SIZE = 1000;

/** The objects of one blob in a listing. */
interface ListedBlob {
  /** Null if there is no visible object. */
  readonly storedBytes: number | null;
  readonly hasTails: boolean;
}

/** The complete part of a listing: all ids up to `upTo`, or to the end when that is null. */
interface CompleteListing<Entry> {
  readonly entries: ReadonlyMap<BlobId, Entry>;
  readonly upTo: BlobId | null;
}

/**
 * Returns a page of the blobs after `after`, objects, tails and open uploads alike, by ascending
 * id; empty only at the end.
 */
export async function listBlobs(bucket: Bucket, after: BlobId | undefined): Promise<readonly BlobEntry[]> {
  const [objects, uploads] = await Promise.all([objectsAfter(bucket, after), uploadsAfter(bucket, after)]);
  const bounds = [objects.upTo, uploads.upTo].filter((bound) => bound !== null);
  return [...new Set([...objects.entries.keys(), ...uploads.entries.keys()])]
    .filter((id) => bounds.every((bound) => id <= bound))
    .sort()
    .slice(0, PAGE_SIZE)
    .map((id) => {
      const { storedBytes = null, hasTails = false } = objects.entries.get(id) ?? {};
      return {
        id,
        storedBytes: storedBytes === null ? null : bytes(storedBytes),
        incompleteWrites: incompleteWrites(uploads.entries.get(id) ?? 0, hasTails),
      };
    });
}

/** Returns the open uploads of exactly this key. */
export async function uploadsOf(bucket: Bucket, key: string): Promise<readonly OpenUpload[]> {
  const found: OpenUpload[] = [];
  let after: OpenUpload = { key: '', uploadId: '' };
  for (;;) {
    const page = await bucket.uploads(key, after);
    found.push(...page.items.filter((upload) => upload.key === key));
    const last = page.items.at(-1);
    if (page.isLast || last === undefined) return found;
    after = last;
  }
}

/** Returns the number of incomplete writes of exactly this key. */
export async function incompleteWritesOf(bucket: Bucket, key: string): Promise<number> {
  const [uploads, tails] = await Promise.all([uploadsOf(bucket, key), partialKeysOf(bucket, key)]);
  return incompleteWrites(uploads.length, tails.length > 0);
}

/** Tails belong to an upload, or to one whose first part is not full. */
function incompleteWrites(uploads: number, hasTails: boolean): number {
  return Math.max(uploads, hasTails ? 1 : 0);
}

/** Returns the objects of blobs. Foreign keys and tails may fill whole pages in between. */
async function objectsAfter(bucket: Bucket, start: BlobId | undefined): Promise<CompleteListing<ListedBlob>> {
  const entries = new Map<BlobId, ListedBlob>();
  const { prefix } = bucket;
  for (let after = start === undefined ? prefix : tailsEndOf(prefix + start); ;) {
    const { items, isLast } = await bucket.objects(prefix, after);
    for (const { key, size } of items) {
      const [id, owner] = [blobNamed(prefix, key), blobOfPartial(prefix, key)];
      if (id !== null) entries.set(id, { storedBytes: size, hasTails: false });
      if (owner !== null) entries.set(owner, { storedBytes: entries.get(owner)?.storedBytes ?? null, hasTails: true });
    }
    const last = items.at(-1);
    if (isLast || last === undefined) return { entries, upTo: null };
    // The tails of the last one may continue on the next page.
    if (entries.size > PAGE_SIZE) return { entries, upTo: [...entries.keys()].at(-2) ?? null };
    after = last.key;
  }
}

/** Returns how many uploads are open. Those of the last key may continue on the next page. */
async function uploadsAfter(bucket: Bucket, start: BlobId | undefined): Promise<CompleteListing<number>> {
  const entries = new Map<BlobId, number>();
  const first = bucket.prefix + (start ?? '');
  for (let after: OpenUpload = { key: first, uploadId: '' }; ;) {
    const { items, isLast } = await bucket.uploads(bucket.prefix, after);
    for (const { key } of items) {
      const id = key > first ? blobNamed(bucket.prefix, key) : null;
      if (id !== null) entries.set(id, (entries.get(id) ?? 0) + 1);
    }
    const last = items.at(-1);
    if (isLast || last === undefined) return { entries, upTo: null };
    if (entries.size >= PAGE_SIZE) return { entries, upTo: [...entries.keys()].at(-1) ?? null };
    after = last;
  }
}
