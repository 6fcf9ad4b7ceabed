import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { dataFolderIn } from '../../../src/adapters/embedded-postgres/cluster.ts';
import { endPostmaster, findPostmaster } from '../../../src/adapters/embedded-postgres/postmaster.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import { bringSchemaUpToDate } from '../../../src/adapters/postgres/schema.ts';
import { copyPreparedCluster, prepareCluster } from './prepared-cluster.ts';
import { onServer, rowsOf, templateOf } from './test-database.ts';

/** The PostgreSQL server of one test run. */
export interface TestServer {
  readonly url: string;
  readonly prefix: string;
  /** The folder of an embedded database that does not run, for tests to copy. */
  readonly cluster: string;
  /** Drops all databases of the run, and stops the server if this process started it. */
  stop(): Promise<void>;
}

const FOLDER_PREFIX = 'platter-tests-';
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Prepares a cluster below the system's temporary folder. Uses the server of DATABASE_URL or starts
 * a copy of that cluster, and creates the template for test databases.
 */
export async function startTestServer(databaseUrl: string | undefined): Promise<TestServer> {
  const prefix = `platter_test_${randomBytes(4).toString('hex')}_`;
  await removeAbandoned();
  const folder = join(tmpdir(), `${FOLDER_PREFIX}${process.pid}`);
  const cluster = join(folder, 'prepared');
  await mkdir(folder, { recursive: true, mode: 0o711 });
  await prepareCluster(cluster);
  const server = databaseUrl ? null : await start(folder, cluster);
  const url = databaseUrl || onServer(server!.url, 'postgres');
  const stop = async (): Promise<void> => {
    if (server === null) await dropAll(url, prefix);
    else await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await makeTemplate(url, prefix);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, prefix, cluster, stop };
}

async function makeTemplate(url: string, prefix: string): Promise<void> {
  await rowsOf(url, `create database ${templateOf(prefix)} template template0 encoding 'UTF8'`);
  const database = openDatabase({ url: onServer(url, templateOf(prefix)), maxConnections: 1 });
  try {
    await bringSchemaUpToDate(database.pool);
  } finally {
    await database.close();
  }
}

async function dropAll(url: string, prefix: string): Promise<void> {
  const left = await rowsOf(url, `select datname from pg_database where starts_with(datname, '${prefix}')`);
  for (const { datname } of left) await rowsOf(url, `drop database if exists ${String(datname)} with (force)`);
}

async function start(folder: string, cluster: string): Promise<EmbeddedPostgres> {
  const directory = serverIn(folder);
  await copyPreparedCluster(directory, cluster);
  return startEmbeddedPostgres({ directory, log: quiet, durable: false });
}

function serverIn(folder: string): string {
  return join(folder, 'postgres');
}

/** Stops the servers that killed runs left behind, and removes their folders. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER_PREFIX) || isAlive(Number(name.slice(FOLDER_PREFIX.length)))) continue;
    const folder = join(tmpdir(), name);
    try {
      const left = await findPostmaster(dataFolderIn(serverIn(folder)));
      if (left !== null) await endPostmaster(left);
      await rm(folder, { recursive: true, force: true });
    } catch {
      // Another run may be removing the same folder; otherwise the next run will.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}
