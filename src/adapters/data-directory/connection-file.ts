import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf } from '../shared/error-code.ts';
import { replaceFile } from './durable-file.ts';

const CONNECTION_FILE = 'connection.json';
const connectionFile = z.object({ databaseUrl: z.string().min(1) });

/**
 * Writes the database URL for commands that run beside the server. The URL holds a password, so
 * only the file's owner can read it. Replaces an existing file.
 *
 * @throws the error of the filesystem
 */
export async function writeConnectionFile(directory: string, databaseUrl: string): Promise<void> {
  await replaceFile(join(directory, CONNECTION_FILE), `${JSON.stringify({ databaseUrl })}\n`);
}

/**
 * Returns the database URL of the server that runs on this directory, or null when there is none.
 * After a crash the URL may be out of date.
 *
 * @throws an Error that names the file, but not its content, when it cannot be read or parsed
 */
export async function readConnectionFile(directory: string): Promise<string | null> {
  const path = join(directory, CONNECTION_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new Error(`The connection file ${path} cannot be read`, { cause: error });
  }
  try {
    return connectionFile.parse(JSON.parse(text)).databaseUrl;
  } catch {
    throw new Error(`The connection file ${path} is damaged. Restart the server, which writes a new one.`);
  }
}

/** Deletes the file. Idempotent. */
export async function removeConnectionFile(directory: string): Promise<void> {
  await rm(join(directory, CONNECTION_FILE), { force: true });
}
