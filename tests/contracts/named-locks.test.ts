import { openDatabase } from '../../src/adapters/postgres/database.ts';
import { PostgresNamedLocks } from '../../src/adapters/postgres/named-locks.ts';
import { NEVER } from '../support/files/byte-sources.ts';
import { openTestDepot, type TestDepot } from '../support/fixtures/test-depot.ts';
import { gate } from '../support/waiting/gate.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { until } from '../support/waiting/until.ts';

describe('NamedLocks in PostgreSQL', () => {
  let depot: TestDepot;
  beforeEach(async () => (depot = await openTestDepot()));
  afterEach(async () => depot.close());

  it('are acquired one after the other, by any replica', async () => {
    const other = openDatabase({ url: depot.url, maxConnections: 1 });
    let atOnce = 0;
    let max = 0;
    const work = async (): Promise<void> => {
      atOnce += 1;
      max = Math.max(max, atOnce);
      await rowsOf(depot.url, 'select 1');
      atOnce -= 1;
    };
    await Promise.all(
      [depot.pool, other.pool, depot.pool].map(async (pool) =>
        new PostgresNamedLocks(pool).withLock('library', NEVER, work),
      ),
    );
    await other.close();
    expect(max).toBe(1);
  });

  it('settle as the work does, and are then acquired by the next', async () => {
    const locks = new PostgresNamedLocks(depot.pool);
    expect(await locks.withLock('library', NEVER, async () => Promise.resolve('done'))).toBe('done');
    const fault = new Error('mine');
    await expect(locks.withLock('library', NEVER, async () => Promise.reject(fault))).rejects.toBe(fault);
    expect(await locks.withLock('library', NEVER, async () => Promise.resolve(null))).toBeNull();
  });

  it('resolve with null at once if another process has the lock and the caller does not wait', async () => {
    const locks = new PostgresNamedLocks(depot.pool);
    const held = await locks.tryWithLock('scrub', async () => {
      const other = await locks.tryWithLock('library', async () => Promise.resolve('other work'));
      return [other, await locks.tryWithLock('scrub', async () => Promise.resolve('never'))];
    });
    expect(held).toEqual({ result: [{ result: 'other work' }, null] });
    expect(await locks.tryWithLock('scrub', async () => Promise.resolve('mine'))).toEqual({ result: 'mine' });
  });

  it('are not waited for once the signal aborts', async () => {
    const locks = new PostgresNamedLocks(depot.pool);
    const [begun, go] = [gate(), gate()];
    const first = locks.withLock('library', NEVER, async () => {
      begun.open();
      await go.opened;
    });
    await begun.opened;
    const stop = new AbortController();
    const reason = new Error('stopped');
    const waiting = locks.withLock('library', stop.signal, async () => Promise.resolve());
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    go.open();
    await first;
  });

  it('are released with the connection of their holder', async () => {
    const locks = new PostgresNamedLocks(depot.pool);
    const [begun, go] = [gate(), gate()];
    const first = locks.withLock('library', NEVER, async () => {
      begun.open();
      await go.opened;
      return 'done all the same';
    });
    await begun.opened;
    const held = `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())`;
    expect(await rowsOf(depot.url, held)).toHaveLength(1);
    await until('another has its turn', async () =>
      locks.withLock('library', NEVER, async () => Promise.resolve(true)),
    );
    go.open();
    expect(await first).toBe('done all the same');
  });
});
