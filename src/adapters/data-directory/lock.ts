import { chmod, mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { messageOf } from '../shared/error-code.ts';

const LOCK_FILE = 'platter.lock';

/** A data directory that this process has locked. */
export interface LockedDataDirectory {
  /** Releases the lock. Idempotent. */
  release(): Promise<void>;
}

/**
 * Locks the data directory for this process, creating it when missing. At most one process on this
 * host holds the lock; the kernel releases it when the process dies.
 *
 * @throws an Error that names the process when another Platter holds the lock, or the directory
 * when it cannot be created, written or locked
 */
export async function acquireDataDirectory(directory: string): Promise<LockedDataDirectory> {
  const path = resolve(directory);
  await createDirectory(path);
  const file = await open(join(path, LOCK_FILE), 'a+', 0o600).catch((cause: unknown) => {
    throw new Error(`The data directory ${path} cannot be written: ${messageOf(cause)}`, { cause });
  });
  try {
    if (!lock(file.fd, path)) throw await heldByAnother(file, path);
    await file.truncate(0);
    await file.write(`${process.pid}\n`);
    await file.datasync();
  } catch (error) {
    await file.close();
    throw error;
  }
  let released = false;
  return {
    async release() {
      if (released) return;
      released = true;
      // The file stays. If it were deleted, a process that has it open could lock the old file
      // while a third process locks a new one.
      await file.truncate(0);
      await file.close();
    },
  };
}

async function createDirectory(path: string): Promise<void> {
  // When started as root, the embedded database runs as another user, which must pass through this
  // folder to its own. It may not list it.
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  try {
    // A strict umask must not take the mode away. An existing directory keeps its mode.
    if ((await mkdir(path, { recursive: true, mode })) !== undefined) await chmod(path, mode);
  } catch (cause) {
    throw new Error(`The data directory ${path} cannot be created: ${messageOf(cause)}`, { cause });
  }
}

function lock(fileDescriptor: number, path: string): boolean {
  try {
    return tryLock(fileDescriptor);
  } catch (cause) {
    throw new Error(`The filesystem of the data directory ${path} does not support file locks: ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function heldByAnother(file: { readFile(encoding: 'utf8'): Promise<string> }, path: string): Promise<Error> {
  const holder = (await file.readFile('utf8')).trim();
  const who = /^\d+$/.test(holder) ? `Another Platter (process ${holder})` : 'Another Platter';
  return new Error(
    `${who} is running on the data directory ${path}. Stop it first, or give this one its own directory.`,
  );
}
