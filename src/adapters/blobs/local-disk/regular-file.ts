import { constants, lstat, open, type FileHandle } from 'node:fs/promises';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { systemCode } from './failures.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_TRUNC } = constants;

/** Of blobs that the group of the hypervisors on the same host may read. */
const READ_ONLY_MODE = 0o640;
/** Of blobs that this group may write, too. */
const WRITABLE_MODE = 0o660;

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
 * Opens a file of a pool. Links are not followed, and opening never waits for another process. The
 * group may write a new file only where it is `writable`, whatever the umask is.
 *
 * @throws the error of the filesystem; `bytes-missing` where the path is no regular file
 */
export async function openRegular(path: string, purpose: keyof typeof FLAGS, writable = false): Promise<FileHandle> {
  const file = await opened(path, FLAGS[purpose] | O_NOFOLLOW | O_NONBLOCK, modeOf(writable));
  try {
    if (!(await file.stat()).isFile()) throw notRegular(path);
    if (purpose === 'create' || purpose === 'replace') await file.chmod(modeOf(writable));
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The mode of a blob's file. */
export function modeOf(writable: boolean): number {
  return writable ? WRITABLE_MODE : READ_ONLY_MODE;
}

/**
 * Gives a file its mode, durably. Answers whether it had another one. A file that has it is not
 * opened: it may belong to a hypervisor at the moment.
 *
 * @throws the error of the filesystem; `bytes-missing` where the path is no regular file
 */
export async function changeMode(path: string, writable: boolean): Promise<boolean> {
  const found = await lstat(path);
  if (found.isFile() && (found.mode & 0o7777) === modeOf(writable)) return false;
  const file = await openRegular(path, 'read');
  try {
    await file.chmod(modeOf(writable));
    await file.sync();
    return true;
  } finally {
    await file.close();
  }
}

/**
 * Fails where a path is there and no regular file: what Platter did not put there is for the
 * operator to take away.
 */
export async function requireRegularOrNone(path: string): Promise<void> {
  try {
    if (!(await lstat(path)).isFile()) throw new Error(`${path} is no regular file: take it away`);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

async function opened(path: string, flags: number, mode: number): Promise<FileHandle> {
  try {
    return await open(path, flags, mode);
  } catch (error) {
    throw NOT_REGULAR.has(systemCode(error) ?? '') ? notRegular(path, error) : error;
  }
}

function notRegular(path: string, cause?: unknown): DomainError {
  return new DomainError('bytes-missing', undefined, { cause: new Error(`${path} is no regular file`, { cause }) });
}
