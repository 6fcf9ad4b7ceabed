import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './error-code.ts';
import { replaceFile } from './durable-file.ts';

const INSTANCE_FILE = 'instance';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The id (a uuid) of the process that ran on this directory last, or null when there was none.
 * Whoever holds the directory's lock knows that it is dead, so its leases may be reaped. Throws the
 * filesystem's error.
 */
export async function readInstance(directory: string): Promise<string | null> {
  try {
    const id = (await readFile(join(directory, INSTANCE_FILE), 'utf8')).trim();
    return UUID.test(id) ? id : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Remembers `id` as the process that runs on this directory; durable when it resolves. To be called
 * once the leases of the one before are reaped, so that a crash in between has them reaped at the
 * next start. Throws the filesystem's error.
 */
export async function writeInstance(directory: string, id: string): Promise<void> {
  await replaceFile(join(directory, INSTANCE_FILE), `${id}\n`);
}
