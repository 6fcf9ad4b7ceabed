import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../shared/error-code.ts';
import { replaceFile } from './durable-file.ts';

const INSTANCE_FILE = 'instance';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Returns the id (a UUID) of the process that last ran on this directory, or null when there was
 * none. For the holder of the directory's lock, that process is dead, so its leases may be reaped.
 *
 * @throws the error of the filesystem
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
 * Records `id` as the process that runs on this directory; durable once it resolves. Call it after
 * the leases of the previous process were reaped, so that they are reaped at the next start if this
 * one crashes before.
 *
 * @throws the error of the filesystem
 */
export async function writeInstance(directory: string, id: string): Promise<void> {
  await replaceFile(join(directory, INSTANCE_FILE), `${id}\n`);
}
