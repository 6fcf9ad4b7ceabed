import { join } from 'node:path';
import { isUuid, type BlobId } from '../../../domain/shared/ids.ts';

const PARTIAL = '.partial-';

/**
 * Paths of one blob. Both are in the location's folder, so that a rename between them never crosses
 * filesystems.
 */
export interface BlobPaths {
  readonly visible: string;
  readonly partial: string;
}

/** Returns the paths of a blob. All paths of blobs come from here, and only from our own ids. */
export function pathsOf(folder: string, id: BlobId): BlobPaths {
  if (!isUuid(id)) throw new Error('a blob id must be a UUID');
  return { visible: join(folder, id), partial: join(folder, PARTIAL + id) };
}

/** Returns the blob that a file name belongs to, or null for a foreign file. */
export function blobNamed(fileName: string): BlobId | null {
  const id = fileName.startsWith(PARTIAL) ? fileName.slice(PARTIAL.length) : fileName;
  return isUuid(id) ? (id as BlobId) : null;
}
