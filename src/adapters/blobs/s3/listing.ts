import type { BlobId } from '../../../domain/shared/ids.ts';
import type { Bucket, OpenUpload } from './bucket.ts';
import { blobNamed } from './keys.ts';

const PAGE = 1000;

/** What of a listing is certain: these ids are the first there are, up to `upTo`, or to the end where that is null. */
interface Known {
  readonly ids: readonly BlobId[];
  readonly upTo: BlobId | null;
}

/** The blobs after `after`, objects and open uploads alike, by ascending id, at most a thousand; none only at the end. */
export async function listBlobs(bucket: Bucket, after: BlobId | undefined): Promise<readonly BlobId[]> {
  const start = bucket.prefix + (after ?? '');
  const [objects, uploads] = await Promise.all([objectsAfter(bucket, start), uploadsAfter(bucket, start)]);
  const bounds = [objects.upTo, uploads.upTo].filter((bound) => bound !== null);
  return [...new Set([...objects.ids, ...uploads.ids])]
    .filter((id) => bounds.every((bound) => id <= bound))
    .sort()
    .slice(0, PAGE);
}

/** Every open upload of exactly this key. */
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

/** Other keys may lie between ours, a page full of them and more. */
async function objectsAfter(bucket: Bucket, start: string): Promise<Known> {
  const ids: BlobId[] = [];
  for (let after = start; ;) {
    const { items, isLast } = await bucket.keys(bucket.prefix, after);
    ids.push(...blobsAmong(bucket, items));
    const last = items.at(-1);
    if (isLast || last === undefined) return { ids, upTo: null };
    if (ids.length >= PAGE) return { ids, upTo: ids.at(-1) ?? null };
    after = last;
  }
}

/** One key may have several uploads. */
async function uploadsAfter(bucket: Bucket, start: string): Promise<Known> {
  const ids = new Set<BlobId>();
  for (let after: OpenUpload = { key: start, uploadId: '' }; ;) {
    const { items, isLast } = await bucket.uploads(bucket.prefix, after);
    const keys = items.map(({ key }) => key).filter((key) => key > start);
    for (const id of blobsAmong(bucket, keys)) ids.add(id);
    const last = items.at(-1);
    if (isLast || last === undefined) return { ids: [...ids], upTo: null };
    if (ids.size >= PAGE) return { ids: [...ids], upTo: [...ids].at(-1) ?? null };
    after = last;
  }
}

function blobsAmong(bucket: Bucket, keys: readonly string[]): readonly BlobId[] {
  return keys.map((key) => blobNamed(bucket.prefix, key)).filter((id) => id !== null);
}
