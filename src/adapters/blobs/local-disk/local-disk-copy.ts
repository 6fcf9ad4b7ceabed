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

/** What a filesystem says that can't let two files share their blocks, or not these two. */
const NO_REFLINKS = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOTTY', 'EINVAL', 'EXDEV', 'EPERM', 'ETXTBSY']);

/** One copy to be made of a file, below the same folder. */
export interface FileCopy {
  /** The file to read. */
  readonly from: string;
  readonly to: BlobPaths;
  /** How long the copy is to be. */
  readonly size: Bytes;
  /** Whether hypervisors may write to the copy. */
  readonly writable: boolean;
  readonly progress: CopyProgress;
  readonly signal: AbortSignal;
  /** Fails where the pool's folder is not there, or not ours. */
  readonly requireFolder: () => Promise<void>;
}

/** As `BlobContent.copy`: blocks are shared where the filesystem can, else copied. */
export async function copyBlob(copy: FileCopy): Promise<StoredBlob> {
  copy.signal.throwIfAborted();
  const source = await openSource(copy);
  try {
    // What an attempt left behind that came to no end; its writer, if it lives on, keeps a file
    // without a name.
    await onDisk(copy, requireRegularOrNone(copy.to.partial));
    await onDisk(copy, rm(copy.to.partial, { force: true }));
    const linked = await reflink(copy, source);
    const target = await onDisk(copy, openRegular(copy.to.partial, linked ? 'change' : 'create', copy.writable));
    try {
      return await fill(copy, source, target, linked);
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

async function fill(copy: FileCopy, source: FileHandle, target: FileHandle, linked: boolean): Promise<StoredBlob> {
  const { size: there } = await onDisk(copy, source.stat());
  const stored = bytes(Math.min(there, copy.size));
  if (linked) await onDisk(copy, target.chmod(modeOf(copy.writable)));
  else await copySparsely(source, target, stored, copy.progress, copy.signal, async (step) => onDisk(copy, step));
  await onDisk(copy, target.truncate(copy.size));
  await onDisk(copy, target.sync());
  await copy.progress(stored, bytes(0));
  copy.signal.throwIfAborted();
  if (!(await isOwn(copy, target))) throw unavailable(new Error('somebody else began the same copy anew'));
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

/** Answers whether the copy now shares all its blocks with the source. */
async function reflink({ from, to, size }: FileCopy, source: FileHandle): Promise<boolean> {
  // On Linux the open file itself, whatever has its name by now.
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
 * Whether the half-made file of that name is still ours: somebody who took us for dead may have
 * begun anew.
 */
async function isOwn({ to }: FileCopy, target: FileHandle): Promise<boolean> {
  const [named, ours] = await Promise.all([lstat(to.partial).catch(() => null), target.stat()]);
  return named !== null && named.ino === ours.ino && named.dev === ours.dev;
}

async function removeOwn(copy: FileCopy, target: FileHandle): Promise<void> {
  try {
    if (await isOwn(copy, target)) await rm(copy.to.partial, { force: true });
  } catch {
    // The next attempt, or the removal of the blob, takes it away.
  }
}

/** Tells the failures of the filesystem from those of whoever hears of the progress. */
async function onDisk<T>({ size }: FileCopy, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw translate(error, size);
  }
}
