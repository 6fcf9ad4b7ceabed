import { constants, lstat, open, type FileHandle } from 'node:fs/promises';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { systemCode } from './failures.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_TRUNC } = constants;

/** Who may read and write a blob: its owner, and the group of the hypervisors on the same host. */
export const BLOB_MODE = 0o660;

/** What opening a path answers where a link, a socket or a folder has its name. */
const NOT_REGULAR = new Set(['ELOOP', 'EMLINK', 'ENXIO', 'EISDIR']);

const FLAGS = {
  /** To read what is there. */
  read: O_RDONLY,
  /** To change what is there. */
  change: O_RDWR,
  /** To write a file that must not be there yet. */
  create: O_RDWR | O_CREAT | O_EXCL,
  /** To write a file anew, whether or not it is there. */
  replace: O_RDWR | O_CREAT | O_TRUNC,
} as const;

/**
 * Opens a file of a pool. Links are not followed, and opening never waits for another process. A new file has `BLOB_MODE`, whatever the umask is.
 *
 * @throws the error of the filesystem; `bytes-missing` where the path is no regular file
 */
export async function openRegular(path: string, purpose: keyof typeof FLAGS): Promise<FileHandle> {
  const file = await opened(path, FLAGS[purpose] | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw notRegular(path);
    if (purpose === 'create' || purpose === 'replace') await file.chmod(BLOB_MODE);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Fails where a path is there and no regular file: what Platter did not put there is for the operator to take away. */
export async function requireRegularOrNone(path: string): Promise<void> {
  try {
    if (!(await lstat(path)).isFile()) throw new Error(`${path} is no regular file: take it away`);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

async function opened(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags, BLOB_MODE);
  } catch (error) {
    throw NOT_REGULAR.has(systemCode(error) ?? '') ? notRegular(path, error) : error;
  }
}

function notRegular(path: string, cause?: unknown): DomainError {
  return new DomainError('bytes-missing', undefined, { cause: new Error(`${path} is no regular file`, { cause }) });
}
