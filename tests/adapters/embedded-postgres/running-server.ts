import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rowsOf } from '../../support/database/test-database.ts';
import type { Script } from '../../support/program/script.ts';
import { startScript } from '../../support/program/script.ts';

/** The embedded database, run by another process. */
export interface RunningServer {
  readonly url: string;
  /** All lines before it was ready. */
  readonly said: readonly string[];
  readonly script: Script;
}

/**
 * Starts a process that runs the embedded database in `<directory>/postgres`; resolves when it is
 * ready.
 */
export async function runServer(directory: string, restartLimitMs?: number): Promise<RunningServer> {
  const script = startScript(
    join(import.meta.dirname, 'run-server.ts'),
    directory,
    ...(restartLimitMs === undefined ? [] : [String(restartLimitMs)]),
  );
  const said: string[] = [];
  for (;;) {
    const line = await script.line();
    if (line.startsWith('ready ')) return { url: line.slice('ready '.length), said, script };
    said.push(line);
  }
}

/** Reads until the process prints a line that starts like this. */
export async function hear({ script }: RunningServer, beginning: string): Promise<string> {
  for (;;) {
    const line = await script.line();
    if (line.startsWith(beginning)) return line;
  }
}

/** Returns the process id of the database in `<directory>/postgres`. */
export async function postmasterOf(directory: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataFolderOf(directory), 'postmaster.pid'), 'utf8'), 10);
}

/** PostgreSQL's own folder. */
export function dataFolderOf(directory: string): string {
  return join(directory, 'postgres', 'cluster', 'pgdata');
}

/** Returns when the database was started: different after a restart. */
export async function startOf(url: string): Promise<unknown> {
  return (await rowsOf(url, 'select pg_postmaster_start_time()::text as at'))[0]!.at;
}
