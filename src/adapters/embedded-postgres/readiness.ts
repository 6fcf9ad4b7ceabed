import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { codeOf } from '../shared/error-code.ts';
import type { Postmaster } from './postmaster.ts';
import { DATABASE, ROLE } from './settings.ts';

/**
 * A start takes a moment, a recovery may take minutes: poll often at first. Each failed attempt
 * adds a line to the server's log.
 */
const FIRST_INTERVAL_MS = 15;
const MAX_INTERVAL_MS = 500;
const CONNECT_LIMIT_MS = 5_000;

/** SQLSTATE while PostgreSQL starts, recovers or stops. */
const CANNOT_CONNECT_NOW = '57P03';
const NO_SUCH_DATABASE = '3D000';
const DUPLICATE_DATABASE = '42P04';

/** Returns the address of the server's one database, with the password. */
export function urlOf(port: number, password: string, database = DATABASE): string {
  return `postgresql://${ROLE}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Resolves to true once the server accepts queries and has Platter's database, which is created
 * when missing. Resolves to false when the process ends first or `signal` is aborted.
 *
 * @throws when the server refuses us for a reason that does not pass, or is not ready within
 * `limitMs`
 */
export async function becomesReady(
  postmaster: Postmaster,
  password: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const ended = new AbortController();
  void postmaster.exited.then(() => ended.abort());
  const deadline = performance.now() + limitMs;
  let last: unknown;
  let interval = FIRST_INTERVAL_MS;
  while (performance.now() < deadline) {
    if (ended.signal.aborted || signal.aborted) return false;
    try {
      await ensureDatabase(postmaster.port, password);
      return true;
    } catch (error) {
      if (!isTransient(error)) throw error;
      last = error;
    }
    await delay(interval);
    interval = Math.min(interval * 1.25, MAX_INTERVAL_MS);
  }
  throw new Error(
    `The embedded database does not answer after ${limitMs / 1000} seconds. Its log is in the folder of the embedded database.`,
    { cause: last },
  );
}

async function ensureDatabase(port: number, password: string): Promise<void> {
  try {
    await query(urlOf(port, password), 'select 1');
  } catch (error) {
    if (codeOf(error) !== NO_SUCH_DATABASE) throw error;
    await query(urlOf(port, password, 'postgres'), `create database ${DATABASE}`).catch((failure: unknown) => {
      if (codeOf(failure) !== DUPLICATE_DATABASE) throw failure;
    });
  }
}

async function query(connectionString: string, text: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  // A broken idle connection is reported here; the next query fails anyway.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end();
  }
}

/**
 * Every error that does not come from the server (refused, cut off, too slow) may pass, as may its
 * "cannot connect now".
 */
function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return code === null || code === CANNOT_CONNECT_NOW || !/^[0-9A-Z]{5}$/.test(code);
}
