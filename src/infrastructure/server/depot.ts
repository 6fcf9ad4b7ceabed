import { join } from 'node:path';
import {
  readConnectionFile,
  removeConnectionFile,
  writeConnectionFile,
} from '../../adapters/data-directory/connection-file.ts';
import { acquireDataDirectory } from '../../adapters/data-directory/lock.ts';
import { startEmbeddedPostgres } from '../../adapters/embedded-postgres/embedded-postgres.ts';
import { openDatabase, type Connections, type Database } from '../../adapters/postgres/database.ts';
import { foldNames } from '../../adapters/postgres/fold-names.ts';
import { bringSchemaUpToDate } from '../../adapters/postgres/schema.ts';
import { requireServerVersion } from '../../adapters/postgres/server-version.ts';
import type { Log } from '../../application/ports/log.ts';
import type { Config } from '../config/config.ts';

/** A database that can be used, with its schema up to date. */
export interface Depot {
  /** The address of the database. Holds a password. */
  readonly url: string;
  readonly connections: Connections;
  /**
   * Resolves with the reason if the database is lost for good. Never, where it is not ours to run.
   */
  readonly lost: Promise<Error>;
  /** Closes everything that was opened for it. */
  close(): Promise<void>;
}

/**
 * Takes the data directory for this process alone, and starts or finds its database. Fails when
 * another Platter has the directory, and when the database can't be had.
 */
export async function openDepot(config: Config, log: Log): Promise<Depot> {
  const closing: (() => Promise<unknown>)[] = [];
  async function close(): Promise<void> {
    for (const step of closing.reverse().splice(0)) await step();
  }
  try {
    const directory = await acquireDataDirectory(config.dataDirectory);
    closing.push(async () => directory.release());
    const { url, lost, stop } = await databaseOf(config, log);
    closing.push(stop);
    await writeConnectionFile(config.dataDirectory, url);
    closing.push(async () => removeConnectionFile(config.dataDirectory));
    const database = openDatabase({ url, connections: config.databaseConnections, parted: true });
    closing.push(async () => database.close());
    await bringUpToDate(database);
    return { url, connections: database, lost, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * As `openDepot`, but beside a Platter that is running on the data directory, if there is one: for
 * short commands.
 */
export async function joinDepot(config: Config, log: Log): Promise<Depot> {
  const url = config.databaseUrl ?? (await readConnectionFile(config.dataDirectory));
  if (url !== null) {
    const database = openDatabase({ url, connections: 4 });
    try {
      await bringUpToDate(database);
      return { url, connections: database, lost: NEVER, close: async () => database.close() };
    } catch (error) {
      await database.close();
      // The file may be what a killed Platter left.
      if (config.databaseUrl !== null) throw error;
    }
  }
  return openDepot(config, log);
}

async function bringUpToDate({ pool }: Database): Promise<void> {
  try {
    await requireServerVersion(pool);
    await bringSchemaUpToDate(pool);
    await foldNames(pool);
  } catch (cause) {
    throw new Error('the database can not be used', { cause });
  }
}

const NEVER = new Promise<Error>(() => undefined);

async function databaseOf(
  config: Config,
  log: Log,
): Promise<{ url: string; lost: Promise<Error>; stop: () => Promise<void> }> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, lost: NEVER, stop: async () => Promise.resolve() };
  const postgres = await startEmbeddedPostgres({
    directory: join(config.dataDirectory, 'postgres'),
    log: {
      info: (message) => log.info({}, message),
      warn: (message) => log.warn({}, message),
      error: (message) => log.error({}, message),
    },
  });
  return { url: postgres.url, lost: postgres.lost, stop: async () => postgres.stop() };
}
