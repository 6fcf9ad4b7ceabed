import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { codeOf } from '../shared/error-code.ts';
import type { Postmaster } from './postmaster.ts';
import { DATABASE, ROLE } from './settings.ts';

/**
 * A start takes a moment, a recovery may take minutes: ask often at first. Every question in vain
 * is a line in the server's log.
 */
const FIRST_INTERVAL_MS = 15;
const MAX_INTERVAL_MS = 500;
const CONNECT_LIMIT_MS = 5_000;

/** What PostgreSQL answers while it starts, recovers or stops. */
const CANNOT_CONNECT_NOW = '57P03';
const NO_SUCH_DATABASE = '3D000';
const DUPLICATE_DATABASE = '42P04';

/** The address of the server's one database. Holds the password. */
export function urlOf(port: number, password: string, database = DATABASE): string {
  return `postgresql://${ROLE}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Resolves to true once the server answers and has Platter's database, which is made when it is
 * missing, and to false when the process ends first or `signal` says that nobody waits any more.
 * Throws when it refuses us for a reason that waiting doesn't change, or hasn't answered within
 * `limitMs`.
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
  throw new Error(`The embedded database does not answer after ${limitMs / 1000} seconds.`, { cause: last });
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
  // A connection that breaks while nothing is asked of it reports that here; the next question
  // fails anyway.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end();
  }
}

/**
 * Everything that isn't an answer of the server (refused, cut off, too slow) may be over in a
 * moment; so may its "not now".
 */
function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return code === null || code === CANNOT_CONNECT_NOW || !/^[0-9A-Z]{5}$/.test(code);
}
