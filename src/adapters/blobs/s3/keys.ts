import { isUuid, type BlobId } from '../../../domain/shared/ids.ts';

/** The one place where keys of blobs are made; only from ids that we gave ourselves. */
export function keyOf(prefix: string, id: BlobId): string {
  if (!isUuid(id)) throw new Error('a blob id must be a UUID');
  return prefix + id;
}

/** The blob that a key below a pool's prefix belongs to, or null for a key that is none. */
export function blobNamed(prefix: string, key: string): BlobId | null {
  const id = key.slice(prefix.length);
  return key.startsWith(prefix) && isUuid(id) ? (id as BlobId) : null;
}
