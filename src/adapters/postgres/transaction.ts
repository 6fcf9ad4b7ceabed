import type { Pool, PoolClient } from 'pg';
import { TransactionSession } from './session.ts';

/** Prepared, since pg sends only prepared statements together with those after them. */
const BEGIN = { name: 'begin', text: 'BEGIN' };
/** Begins a transaction whose statements all see the same rows. It changes none. */
export const BEGIN_SNAPSHOT = { name: 'begin-snapshot', text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' };

/** Runs `use` with a connection. Rejects as `use` does. */
export async function withConnection<T>(pool: Pool, use: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await use(client);
  } finally {
    client.release();
  }
}

/**
 * Runs `work` in one transaction. Once this resolves it is committed; if it rejects it was rolled
 * back. When the connection breaks during COMMIT, the outcome is unknown.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (session: TransactionSession) => Promise<T>,
  begin: typeof BEGIN = BEGIN,
): Promise<T> {
  const client = await pool.connect();
  const session = new TransactionSession(client);
  let ended = false;
  let lost = false;
  // Not awaited before the first statement, which saves a round trip.
  const begun = client.query(begin);
  begun.catch(() => undefined);
  try {
    const answer = await work(session);
    await begun;
    session.throwIfFailed();
    // Sent right after the enqueued statements, so that locks are not held during a round trip.
    // PostgreSQL rolls back a transaction with a failed statement, but returns no error for its
    // COMMIT.
    const { command } = await client.query('COMMIT');
    ended = true;
    await session.throwUnlessDone();
    if (command !== 'COMMIT') throw new Error(`the database ended a transaction with ${command} instead of COMMIT`);
    return answer;
  } catch (error) {
    // A connection that cannot roll back is not used again.
    if (!ended) await client.query('ROLLBACK').catch(() => (lost = true));
    throw error;
  } finally {
    client.release(lost);
  }
}
