import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database of one test's own, on the server that all tests of this run share. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, cutting off whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Makes a fresh database: with Platter's tables in it, or, where `migrated` is false, empty.
 * Whatever is not dropped by the test is dropped when the run ends.
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
 * Copies files instead of logging every page, which costs a seventh; servers before PostgreSQL 15
 * know no other way.
 */
async function copyDatabase(server: string, template: string, name: string): Promise<void> {
  const [version] = await rowsOf(server, 'show server_version_num');
  const strategy = Number(version?.server_version_num) < 150_000 ? '' : 'strategy file_copy';
  await execute(server, `create database ${name} template ${template} ${strategy}`);
}

/**
 * The server of this run and how the names of its databases begin, as the setup of the run left
 * them for every test process.
 */
export function sharedServer(): { url: string; prefix: string } {
  const { PLATTER_TEST_SERVER: url, PLATTER_TEST_PREFIX: prefix } = process.env;
  if (!url || !prefix)
    throw new Error('There is no test server: start the tests with jest and the configuration of this project.');
  return { url, prefix };
}

/** The database that the migrated ones are copied from. */
export function templateOf(prefix: string): string {
  return `${prefix}template`;
}

/** The same server's address with another database in it. */
export function onServer(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

type Rows = Record<string, unknown>[];
/** Runs statements and returns the rows. */
export type Ask = (statement: string) => Promise<Rows>;

/** Runs one statement on a connection of its own and returns its rows. */
export async function rowsOf(url: string, statement: string): Promise<Rows> {
  return onConnection(url, async (ask) => ask(statement));
}

/**
 * Lends a connection. One costs as much as many statements, so that whoever has several to run uses
 * one for all.
 */
export async function onConnection<T>(url: string, use: (ask: Ask) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // A connection that is ended between two steps says so here as well as by failing the next one.
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
