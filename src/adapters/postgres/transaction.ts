import type { Pool, PoolClient } from 'pg';
import { TransactionSession } from './session.ts';

/** Prepared, since only what is prepared is sent together with what comes right behind it. */
const BEGIN = { name: 'begin', text: 'BEGIN' };

/** Lends a connection for as long as `use` takes. What fails is handed on as it is. */
export async function withConnection<T>(pool: Pool, use: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await use(client);
  } finally {
    client.release();
  }
}

/**
 * One transaction: all of what `work` asks through its session has happened when this resolves, or
 * nothing of it when this fails. When the connection breaks during COMMIT, nobody knows.
 */
export async function inTransaction<T>(pool: Pool, work: (session: TransactionSession) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const session = new TransactionSession(client);
  let ended = false;
  let lost = false;
  // Not waited for before there is something to ask: that is a round trip less.
  const begun = client.query(BEGIN);
  begun.catch(() => undefined);
  try {
    const answer = await work(session);
    await begun;
    session.throwIfFailed();
    // Sent behind what nobody waits for, so that locks are not held for as long as answers travel.
    // PostgreSQL undoes a transaction in which a statement failed, and answers its COMMIT without
    // an error all the same.
    const { command } = await client.query('COMMIT');
    ended = true;
    await session.throwUnlessDone();
    if (command !== 'COMMIT') throw new Error(`a transaction ended with ${command}`);
    return answer;
  } catch (error) {
    // A connection that can't even undo is of no more use.
    if (!ended) await client.query('ROLLBACK').catch(() => (lost = true));
    throw error;
  } finally {
    client.release(lost);
  }
}
