import { isUuid, type BlobId } from '../../../domain/shared/ids.ts';

/** Returns the key of a blob. All keys of blobs come from here, and only from our own ids. */
export function keyOf(prefix: string, id: BlobId): string {
  if (!isUuid(id)) throw new Error('a blob id must be a UUID');
  return prefix + id;
}

/** Returns the blob that a key belongs to, or null for a foreign key. */
export function blobNamed(prefix: string, key: string): BlobId | null {
  const id = key.slice(prefix.length);
  return key.startsWith(prefix) && isUuid(id) ? (id as BlobId) : null;
}
