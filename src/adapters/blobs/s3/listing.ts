import type { BlobEntry } from '../../../application/ports/blob-store.ts';
import { bytes } from '../../../domain/shared/bytes.ts';
import type { BlobId } from '../../../domain/shared/ids.ts';
import type { Bucket, OpenUpload } from './bucket.ts';
import { blobNamed } from './keys.ts';

const PAGE_SIZE = 1000;

/**
 * The complete part of a listing: all ids up to `upTo`, or to the end when that is null, each with
 * a number.
 */
interface CompleteListing {
  readonly numbers: ReadonlyMap<BlobId, number>;
  readonly upTo: BlobId | null;
}

/**
 * Returns a page of the blobs after `after`, objects and open uploads alike, by ascending id; empty
 * only at the end.
 */
export async function listBlobs(bucket: Bucket, after: BlobId | undefined): Promise<readonly BlobEntry[]> {
  const start = bucket.prefix + (after ?? '');
  const [objects, uploads] = await Promise.all([objectsAfter(bucket, start), uploadsAfter(bucket, start)]);
  const bounds = [objects.upTo, uploads.upTo].filter((bound) => bound !== null);
  return [...new Set([...objects.numbers.keys(), ...uploads.numbers.keys()])]
    .filter((id) => bounds.every((bound) => id <= bound))
    .sort()
    .slice(0, PAGE_SIZE)
    .map((id) => {
      const size = objects.numbers.get(id);
      return {
        id,
        storedBytes: size === undefined ? null : bytes(size),
        incompleteWrites: uploads.numbers.get(id) ?? 0,
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

/** Returns the sizes of objects. Foreign keys may fill whole pages in between. */
async function objectsAfter(bucket: Bucket, start: string): Promise<CompleteListing> {
  const numbers = new Map<BlobId, number>();
  for (let after = start; ;) {
    const { items, isLast } = await bucket.objects(bucket.prefix, after);
    for (const { key, size } of items) {
      const id = blobNamed(bucket.prefix, key);
      if (id !== null) numbers.set(id, size);
    }
    const last = items.at(-1);
    if (isLast || last === undefined) return { numbers, upTo: null };
    if (numbers.size >= PAGE_SIZE) return { numbers, upTo: lastOf(numbers) };
    after = last.key;
  }
}

/** Returns how many uploads are open. Those of the last key may continue on the next page. */
async function uploadsAfter(bucket: Bucket, start: string): Promise<CompleteListing> {
  const numbers = new Map<BlobId, number>();
  for (let after: OpenUpload = { key: start, uploadId: '' }; ;) {
    const { items, isLast } = await bucket.uploads(bucket.prefix, after);
    for (const { key } of items) {
      const id = key > start ? blobNamed(bucket.prefix, key) : null;
      if (id !== null) numbers.set(id, (numbers.get(id) ?? 0) + 1);
    }
    const last = items.at(-1);
    if (isLast || last === undefined) return { numbers, upTo: null };
    if (numbers.size >= PAGE_SIZE) return { numbers, upTo: lastOf(numbers) };
    after = last;
  }
}

function lastOf(numbers: ReadonlyMap<BlobId, number>): BlobId | null {
  return [...numbers.keys()].at(-1) ?? null;
}
