import { setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { LockName, NamedLocks } from '../../application/ports/named-locks.ts';
import { translate } from './failures.ts';
import { firstRow, touch } from './query.ts';
import { inTransaction } from './transaction.ts';

/** Name the advisory locks; any numbers will do, as long as they stay. */
const LOCKS = { library: 7_310_424_092, move: 7_310_424_093, scrub: 7_310_424_117 } as const satisfies Record<
  LockName,
  number
>;

/** Whoever waits asks again after this. Milliseconds. */
const PAUSE = 500;

/**
 * Turns by advisory locks of transactions, which go with the connection, however that ends. Each
 * holds a connection for as long as it lasts.
 */
export class PostgresNamedLocks implements NamedLocks {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async withLock<T>(name: LockName, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      const done = await this.tryWithLock(name, work);
      if (done !== null) return done.answer;
      await setTimeout(PAUSE, undefined, { signal }).catch(() => undefined);
    }
  }

  async tryWithLock<T>(name: LockName, work: () => Promise<T>): Promise<{ readonly answer: T } | null> {
    const outcome: { readonly answer: T }[] = [];
    try {
      await inTransaction(this.#pool, async (session) => {
        // The work happens elsewhere, while this transaction does nothing but hold the lock.
        await touch(session, 'set local idle_in_transaction_session_timeout = 0');
        const row = await firstRow<{ taken: boolean }>(session, 'select pg_try_advisory_xact_lock(?) as taken', [
          LOCKS[name],
        ]);
        if (row?.taken === true) outcome.push({ answer: await work() });
      });
    } catch (error) {
      // Work that was done is done, even if the lock was lost meanwhile.
      if (outcome[0] === undefined) throw translate(error);
    }
    return outcome[0] ?? null;
  }
}
