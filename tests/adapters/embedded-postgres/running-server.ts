import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rowsOf } from '../../support/database/test-database.ts';
import type { Script } from '../../support/program/script.ts';
import { startScript } from '../../support/program/script.ts';

/** The embedded database as another process runs it. */
export interface RunningServer {
  readonly url: string;
  /** All that was said before it was ready. */
  readonly said: readonly string[];
  readonly script: Script;
}

/**
 * Starts a process that runs the embedded database in `<directory>/postgres`; resolves when that is
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

/** Reads on until the process says something that starts like this. */
export async function hear({ script }: RunningServer, beginning: string): Promise<string> {
  for (;;) {
    const line = await script.line();
    if (line.startsWith(beginning)) return line;
  }
}

/** The main process of the database in `<directory>/postgres`. */
export async function postmasterOf(directory: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataFolderOf(directory), 'postmaster.pid'), 'utf8'), 10);
}

/** PostgreSQL's own folder. */
export function dataFolderOf(directory: string): string {
  return join(directory, 'postgres', 'cluster', 'pgdata');
}

/** When the database was started: tells one that runs on from one that was started again. */
export async function startOf(url: string): Promise<unknown> {
  return (await rowsOf(url, 'select pg_postmaster_start_time()::text as at'))[0]!.at;
}
