import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf } from './error-code.ts';
import { replaceFile } from './durable-file.ts';

const CONNECTION_FILE = 'connection.json';
const connectionSchema = z.object({ databaseUrl: z.string().min(1) });

/**
 * Tells commands that are started beside a running server how to reach its database. The URL holds
 * a password: only the file's owner can read it. Replaces what an earlier server wrote; throws the
 * filesystem's error.
 */
export async function writeConnectionFile(directory: string, databaseUrl: string): Promise<void> {
  await replaceFile(join(directory, CONNECTION_FILE), `${JSON.stringify({ databaseUrl })}\n`);
}

/**
 * The database URL of the server that runs on this directory, or null when none has said so. After
 * a crash the URL may be out of date. Throws an Error that names the file (never what is in it)
 * when it can't be read or understood.
 */
export async function readConnectionFile(directory: string): Promise<string | null> {
  const path = join(directory, CONNECTION_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new Error(`The connection file ${path} can't be read`, { cause: error });
  }
  try {
    return connectionSchema.parse(JSON.parse(text)).databaseUrl;
  } catch {
    throw new Error(`The connection file ${path} is damaged. Restart the server, which writes it anew.`);
  }
}

/** Removes the file at the end of a server's life; fine when there is none. */
export async function removeConnectionFile(directory: string): Promise<void> {
  await rm(join(directory, CONNECTION_FILE), { force: true });
}
