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

/** The data directory and its database, with an up-to-date schema. */
export interface Depot {
  /** The URL of the database. Contains a password. */
  readonly url: string;
  readonly connections: Connections;
  /** Resolves with the reason when the embedded database has stopped; never for another one. */
  readonly lost: Promise<Error>;
  /** Closes everything that was opened. Idempotent. */
  close(): Promise<void>;
}

/**
 * Locks the data directory for this process, and opens or starts its database.
 *
 * @throws Error for the operator when another Platter uses the directory, or the database is not
 * available
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
    const database = openDatabase({ url, maxConnections: config.databaseConnections, reserves: true });
    closing.push(async () => database.close());
    await bringUpToDate(database);
    return { url, connections: database, lost, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Like `openDepot`, but shares the database of a Platter that runs on the data directory. */
export async function joinDepot(config: Config, log: Log): Promise<Depot> {
  const url = config.databaseUrl ?? (await readConnectionFile(config.dataDirectory));
  if (url !== null) {
    const database = openDatabase({ url, maxConnections: 4 });
    try {
      await bringUpToDate(database);
      return { url, connections: database, lost: NEVER, close: async () => database.close() };
    } catch (error) {
      await database.close();
      // The connection file may be stale, left by a killed Platter.
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
    throw new Error('the database cannot be used', { cause });
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
