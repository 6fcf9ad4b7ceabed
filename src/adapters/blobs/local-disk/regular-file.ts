import { constants, lstat, open, type FileHandle } from 'node:fs/promises';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { systemCode } from './failures.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_TRUNC } = constants;

/** Lets the group of the hypervisors on the same host read. */
const READ_ONLY_MODE = 0o640;
/** Lets that group read and write. */
const WRITABLE_MODE = 0o660;

/** Errors of opening a link, a socket or a folder. */
const NOT_REGULAR = new Set(['ELOOP', 'EMLINK', 'ENXIO', 'EISDIR']);

const FLAGS = {
  /** Reads an existing file. */
  read: O_RDONLY,
  /** Changes an existing file. */
  change: O_RDWR,
  /** Creates a file; it must not exist. */
  create: O_RDWR | O_CREAT | O_EXCL,
  /** Changes an existing file, or creates one. */
  ensure: O_RDWR | O_CREAT,
  /** Creates a file, or empties an existing one. */
  replace: O_RDWR | O_CREAT | O_TRUNC,
} as const;

/**
 * Opens a file of a pool. Does not follow links, and never waits for another process. The group may
 * write to a new file only if `writable`, whatever the umask.
 *
 * @throws the error of the filesystem
 * @throws bytes-missing when the path is not a regular file
 */
export async function openRegular(path: string, purpose: keyof typeof FLAGS, writable = false): Promise<FileHandle> {
  const file = await opened(path, FLAGS[purpose] | O_NOFOLLOW | O_NONBLOCK, modeOf(writable));
  try {
    if (!(await file.stat()).isFile()) throw notRegular(path);
    if (purpose !== 'read' && purpose !== 'change') await file.chmod(modeOf(writable));
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Returns the mode of a blob's file. */
export function modeOf(writable: boolean): number {
  return writable ? WRITABLE_MODE : READ_ONLY_MODE;
}

/**
 * Sets the mode of a file, durably. Returns whether it had another one. Does not open a file that
 * has the mode already, since a hypervisor may be using it.
 *
 * @throws the error of the filesystem
 * @throws bytes-missing when the path is not a regular file
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
 * Rejects when the path exists and is not a regular file: Platter did not create it, so only the
 * operator may delete it.
 */
export async function requireRegularOrNone(path: string): Promise<void> {
  try {
    if (!(await lstat(path)).isFile())
      throw new Error(`${path} is not a regular file and not from Platter: delete it or move it elsewhere`);
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
  return new DomainError('bytes-missing', undefined, { cause: new Error(`${path} is not a regular file`, { cause }) });
}
