import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createServerFolder } from './server-folders.ts';
import type { ServerUser } from './server-user.ts';
import { LOG_FILE_NAME } from './settings.ts';

const MAX_LOG_FILES = 5;
const TAIL_CHARACTERS = 1500;

/** The folder of the server's log, and the file for its output before it has opened one. */
export interface ServerLog {
  readonly folder: string;
  readonly errorFile: string;
}

/** Creates the folder of the server's log below `directory` when it is missing. */
export async function openServerLog(directory: string, user: ServerUser | null): Promise<ServerLog> {
  const folder = join(directory, 'log');
  await createServerFolder(folder, user);
  return { folder, errorFile: join(directory, 'start.log') };
}

/**
 * Deletes all log files but the newest few. PostgreSQL starts a new file every few megabytes and
 * never deletes one.
 */
export async function pruneServerLog(log: ServerLog): Promise<void> {
  for (const name of (await logFiles(log)).slice(0, -MAX_LOG_FILES)) await rm(join(log.folder, name), { force: true });
}

/**
 * Returns the last lines that the server wrote, to explain a failed start. They contain no
 * statements and no rows.
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
