import { constants, copyFile, lstat, rm, type FileHandle } from 'node:fs/promises';
import type { CopyProgress } from '../../../application/ports/blob-store.ts';
import type { StoredBlob } from '../../../domain/media/media.ts';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { unavailable } from '../shared/unavailable.ts';
import { renameDurably } from './rename-durably.ts';
import { systemCode, translate } from './failures.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { BlobPaths } from './paths.ts';
import { modeOf, openRegular, requireRegularOrNone } from './regular-file.ts';
import { copySparsely } from './sparse-copy.ts';

/** Errors of a filesystem that cannot share blocks, or not between these two files. */
const NO_REFLINKS = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOTTY', 'EINVAL', 'EXDEV', 'EPERM', 'ETXTBSY']);

/** A copy of a file within one folder. */
export interface FileCopy {
  /** Path of the source. */
  readonly from: string;
  readonly to: BlobPaths;
  /** The size of the copy. */
  readonly size: Bytes;
  /** Whether hypervisors may write to the copy. */
  readonly writable: boolean;
  readonly progress: CopyProgress;
  readonly signal: AbortSignal;
  /** Rejects when the pool's folder is missing or not ours. */
  readonly requireFolder: () => Promise<void>;
}

/**
 * Copies a blob as `BlobContent.copy` promises: shares blocks if the filesystem can, else copies
 * them.
 */
export async function copyBlob(copy: FileCopy): Promise<StoredBlob> {
  copy.signal.throwIfAborted();
  const source = await openSource(copy);
  try {
    // Deletes the remains of an interrupted attempt. If its writer still runs, it writes to an
    // unsharesBlocks file.
    await onDisk(copy, requireRegularOrNone(copy.to.partial));
    await onDisk(copy, rm(copy.to.partial, { force: true }));
    const sharesBlocks = await reflink(copy, source);
    const target = await onDisk(copy, openRegular(copy.to.partial, sharesBlocks ? 'change' : 'create', copy.writable));
    try {
      return await fill(copy, source, target, sharesBlocks);
    } catch (error) {
      await removeOwn(copy, target);
      throw error;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function fill(
  copy: FileCopy,
  source: FileHandle,
  target: FileHandle,
  sharesBlocks: boolean,
): Promise<StoredBlob> {
  const { size: sourceSize } = await onDisk(copy, source.stat());
  const stored = bytes(Math.min(sourceSize, copy.size));
  if (sharesBlocks) await onDisk(copy, target.chmod(modeOf(copy.writable)));
  else await copySparsely(source, target, stored, copy.progress, copy.signal, async (step) => onDisk(copy, step));
  await onDisk(copy, target.truncate(copy.size));
  await onDisk(copy, target.sync());
  await copy.progress(stored, bytes(0));
  copy.signal.throwIfAborted();
  if (!(await isOwn(copy, target))) throw unavailable(new Error('another replica restarted the same copy'));
  const fingerprint = fingerprintOf(await onDisk(copy, target.stat({ bigint: true })));
  await copy.requireFolder();
  await onDisk(copy, renameDurably(copy.to.partial, copy.to.visible));
  return { storedBytes: stored, sha256: null, fingerprint };
}

async function openSource(copy: FileCopy): Promise<FileHandle> {
  try {
    return await openRegular(copy.from, 'read');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new DomainError('bytes-missing', undefined, { cause: error });
    throw translate(error, copy.size);
  }
}

/** Returns whether the copy now shares all its blocks with the source. */
async function reflink({ from, to, size }: FileCopy, source: FileHandle): Promise<boolean> {
  // On Linux this is the open file, even if its name has changed.
  const opened = process.platform === 'linux' ? `/proc/self/fd/${source.fd}` : from;
  try {
    await copyFile(opened, to.partial, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch (error) {
    if (!NO_REFLINKS.has(systemCode(error) ?? '')) throw translate(error, size);
    await rm(to.partial, { force: true });
    return false;
  }
}

/**
 * Returns whether the partial file is still ours. A replica that considered us dead may have
 * started anew.
 */
async function isOwn({ to }: FileCopy, target: FileHandle): Promise<boolean> {
  const [named, ours] = await Promise.all([lstat(to.partial).catch(() => null), target.stat()]);
  return named !== null && named.ino === ours.ino && named.dev === ours.dev;
}

async function removeOwn(copy: FileCopy, target: FileHandle): Promise<void> {
  try {
    if (await isOwn(copy, target)) await rm(copy.to.partial, { force: true });
  } catch {
    // The next attempt, or the removal of the blob, deletes it.
  }
}

/** Translates errors of the filesystem only: an error of `progress` must stay as it is. */
async function onDisk<T>({ size }: FileCopy, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw translate(error, size);
  }
}
