import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createServerFolder } from './server-folders.ts';
import type { ServerUser } from './server-user.ts';
import { LOG_FILE_NAME } from './settings.ts';

const MAX_LOG_FILES = 5;
const TAIL_CHARACTERS = 1500;

/**
 * Where the server writes its log, and where its first complaints go, which come before it has
 * opened one.
 */
export interface ServerLog {
  readonly folder: string;
  readonly errorFile: string;
}

/** Makes the folder of the server's log below `directory` where there is none. */
export async function openServerLog(directory: string, user: ServerUser | null): Promise<ServerLog> {
  const folder = join(directory, 'log');
  await createServerFolder(folder, user);
  return { folder, errorFile: join(directory, 'start.log') };
}

/**
 * PostgreSQL begins a new file every few megabytes but never removes one: all but the newest few
 * go.
 */
export async function pruneServerLog(log: ServerLog): Promise<void> {
  for (const name of (await logFiles(log)).slice(0, -MAX_LOG_FILES)) await rm(join(log.folder, name), { force: true });
}

/**
 * The last lines that the server wrote, to say why it did not start. They hold no statements and no
 * rows.
 */
export async function readLogTail(log: ServerLog): Promise<string> {
  const newest = (await logFiles(log)).at(-1);
  const texts = await Promise.all(
    [log.errorFile, ...(newest === undefined ? [] : [join(log.folder, newest)])].map(async (path) =>
      readFile(path, 'utf8').catch(() => ''),
    ),
  );
  return texts
    .map((text) => text.slice(-TAIL_CHARACTERS).trim())
    .filter(Boolean)
    .join('\n');
}

async function logFiles(log: ServerLog): Promise<string[]> {
  return (await readdir(log.folder)).filter((name) => LOG_FILE_NAME.test(name)).sort((a, b) => (a < b ? -1 : 1));
}
