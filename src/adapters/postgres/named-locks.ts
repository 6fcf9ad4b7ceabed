import { setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { LockName, NamedLocks } from '../../application/ports/named-locks.ts';
import { translate } from './failures.ts';
import { firstRow, touch } from './query.ts';
import { inTransaction } from './transaction.ts';

/** The keys of the advisory locks. Arbitrary, but they must never change. */
const LOCKS = { library: 7_310_424_092, move: 7_310_424_093, scrub: 7_310_424_117 } as const satisfies Record<
  LockName,
  number
>;

/** How often a waiting caller retries. */
const RETRY_INTERVAL_MS = 500;

/**
 * Implements named locks with advisory locks of transactions, which end with the connection. Each
 * lock holds a connection while it lasts.
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
      if (done !== null) return done.result;
      await setTimeout(RETRY_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async tryWithLock<T>(name: LockName, work: () => Promise<T>): Promise<{ readonly result: T } | null> {
    const outcome: { readonly result: T }[] = [];
    try {
      await inTransaction(this.#pool, async (session) => {
        // This transaction only holds the lock while `work` runs outside it.
        await touch(session, 'set local idle_in_transaction_session_timeout = 0');
        const row = await firstRow<{ acquired: boolean }>(session, 'select pg_try_advisory_xact_lock(?) as acquired', [
          LOCKS[name],
        ]);
        if (row?.acquired === true) outcome.push({ result: await work() });
      });
    } catch (error) {
      // The work has been done, even if the lock was lost meanwhile.
      if (outcome[0] === undefined) throw translate(error);
    }
    return outcome[0] ?? null;
  }
}
