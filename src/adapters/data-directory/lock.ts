import { chmod, mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { messageOf } from './error-code.ts';

const LOCK_FILE = 'platter.lock';

/** A data directory that this process alone may use, until it is released. */
export interface HeldDataDirectory {
  /** Lets the next process in. Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Takes the data directory for this process, making it when it is missing. At most one process on
 * this host holds it; the kernel keeps the lock, so it is free at once when its holder dies,
 * however that happens.
 *
 * Throws an Error that names the holder's process when another Platter has the directory, and one
 * that names the directory when it can't be made, written or locked.
 */
export async function acquireDataDirectory(directory: string): Promise<HeldDataDirectory> {
  const path = resolve(directory);
  await makeDirectory(path);
  const file = await open(join(path, LOCK_FILE), 'a+', 0o600).catch((cause: unknown) => {
    throw new Error(`The data directory ${path} can't be written: ${messageOf(cause)}`, { cause });
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
      // The file stays: if it were removed, a process that has it open already could lock the old
      // one while a third locks a new one.
      await file.truncate(0);
      await file.close();
    },
  };
}

async function makeDirectory(path: string): Promise<void> {
  // Started as root, the embedded database runs as another user, who has to pass through here on
  // the way to its own folder; passing is not listing.
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  try {
    // A strict umask must not close it again; one that was there already is its owner's business.
    if ((await mkdir(path, { recursive: true, mode })) !== undefined) await chmod(path, mode);
  } catch (cause) {
    throw new Error(`The data directory ${path} can't be made: ${messageOf(cause)}`, { cause });
  }
}

function lock(fileDescriptor: number, path: string): boolean {
  try {
    return tryLock(fileDescriptor);
  } catch (cause) {
    throw new Error(`The filesystem of the data directory ${path} has no file locks: ${messageOf(cause)}`, { cause });
  }
}

async function heldByAnother(file: { readFile(encoding: 'utf8'): Promise<string> }, path: string): Promise<Error> {
  const holder = (await file.readFile('utf8')).trim();
  const who = /^\d+$/.test(holder) ? `Another Platter (process ${holder})` : 'Another Platter';
  return new Error(
    `${who} is running on the data directory ${path}. Stop it first, or give this one its own directory.`,
  );
}
