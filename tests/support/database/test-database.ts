import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database for one test, on the server that all tests of this run share. */
export interface TestDatabase {
  readonly url: string;
  /** Drops the database and disconnects its clients. */
  drop(): Promise<void>;
}

/**
 * Creates a database: with Platter's tables, or empty if `migrated` is false. A database that its
 * test does not drop is dropped at the end of the run.
 */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const { url: server, prefix } = sharedServer();
  const name = `${prefix}${randomBytes(6).toString('hex')}`;
  await copyDatabase(server, migrated ? templateOf(prefix) : 'template0', name);
  return {
    url: onServer(server, name),
    drop: async () => execute(server, `drop database if exists ${name} with (force)`),
  };
}

/**
 * Copies files instead of logging every page, which takes a seventh of the time. Before PostgreSQL
 * 15 files are always copied.
 */
async function copyDatabase(server: string, template: string, name: string): Promise<void> {
  const [version] = await rowsOf(server, 'show server_version_num');
  const strategy = Number(version?.server_version_num) < 150_000 ? '' : 'strategy file_copy';
  await execute(server, `create database ${name} template ${template} ${strategy}`);
}

/**
 * Returns the server of this run and the prefix of its database names, which `global-setup.ts` puts
 * into the environment of every test process.
 */
export function sharedServer(): { url: string; prefix: string } {
  const { PLATTER_TEST_SERVER: url, PLATTER_TEST_PREFIX: prefix } = process.env;
  if (!url || !prefix)
    throw new Error('PLATTER_TEST_SERVER is not set: run the tests with jest and the configuration of this project.');
  return { url, prefix };
}

/** Returns the name of the template for migrated databases. */
export function templateOf(prefix: string): string {
  return `${prefix}template`;
}

/** Returns the URL of another database on the same server. */
export function onServer(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

type Rows = Record<string, unknown>[];
/** Runs a statement and returns its rows. */
export type Ask = (statement: string) => Promise<Rows>;

/** Runs one statement on a connection of its own and returns its rows. */
export async function rowsOf(url: string, statement: string): Promise<Rows> {
  return withConnection(url, async (ask) => ask(statement));
}

/**
 * Runs `use` with a connection. Opening one costs as much as many statements: use one for several.
 */
export async function withConnection<T>(url: string, use: (ask: Ask) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // A connection that ends between two statements emits an error in addition to failing the next
  // one.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(async (statement) => (await client.query<Record<string, unknown>>(statement)).rows);
  } finally {
    await client.end();
  }
}

async function execute(url: string, statement: string): Promise<void> {
  await rowsOf(url, statement);
}
