import { join } from 'node:path';
import { isUuid, type BlobId } from '../../../domain/shared/ids.ts';

const PARTIAL = '.partial-';

/**
 * Where the files of one blob lie. Both are in the pool's own folder, so that a rename between them
 * never crosses filesystems.
 */
export interface BlobPaths {
  readonly visible: string;
  readonly partial: string;
}

/** The one place where paths are made; only from ids that we gave ourselves. */
export function pathsOf(folder: string, id: BlobId): BlobPaths {
  if (!isUuid(id)) throw new Error('a blob id must be a UUID');
  return { visible: join(folder, id), partial: join(folder, PARTIAL + id) };
}

/** The blob that a file name in a pool's folder belongs to, or null for a file that is none. */
export function blobNamed(fileName: string): BlobId | null {
  const id = fileName.startsWith(PARTIAL) ? fileName.slice(PARTIAL.length) : fileName;
  return isUuid(id) ? (id as BlobId) : null;
}
