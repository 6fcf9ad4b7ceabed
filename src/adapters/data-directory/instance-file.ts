import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './error-code.ts';
import { replaceFile } from './durable-file.ts';

const INSTANCE_FILE = 'instance';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Remembers `newId` (a uuid) as the process that runs on this directory, and returns the id of the one that did so
 * before, or null when there was none. Whoever holds the directory's lock knows that this predecessor is dead, so its
 * leases may be reaped.
 *
 * The new id is durable when the promise resolves. A crash before that repeats the predecessor's id at the next start;
 * one between this and the reaping loses it, and then the predecessor's leases run out by themselves. Throws the
 * filesystem's error.
 */
export async function swapInstance(directory: string, newId: string): Promise<string | null> {
  const path = join(directory, INSTANCE_FILE);
  const predecessor = await readInstance(path);
  await replaceFile(path, `${newId}\n`);
  return predecessor;
}

async function readInstance(path: string): Promise<string | null> {
  try {
    const id = (await readFile(path, 'utf8')).trim();
    return UUID.test(id) ? id : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
