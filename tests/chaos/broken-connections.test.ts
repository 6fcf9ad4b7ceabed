import { openDatabase, type Database } from '../../src/adapters/postgres/database.ts';
import { PostgresUnitOfWork } from '../../src/adapters/postgres/unit-of-work.ts';
import type { UnitOfWork } from '../../src/application/ports/unit-of-work.ts';
import { openProxy, type BreakableProxy } from '../support/database/breakable-proxy.ts';
import { openTestDepot, type TestDepot } from '../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../support/waiting/gate.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { until } from '../support/waiting/until.ts';

const UNAVAILABLE = { code: 'unavailable' };

describe('A connection that breaks', () => {
  let depot: TestDepot;
  let proxy: BreakableProxy;
  let database: Database;
  let work: UnitOfWork;
  beforeEach(async () => {
    depot = await openTestDepot();
    proxy = await openProxy(depot.url);
    database = openDatabase({ url: proxy.url, maxConnections: 4 });
    work = new PostgresUnitOfWork(database.pool);
  });
  afterEach(async () => {
    await database.close();
    await proxy.close();
    await depot.close();
  });

  async function userNames(): Promise<readonly unknown[]> {
    return (await rowsOf(depot.url, 'select name from users order by id')).map(({ name }) => name);
  }

  it('during a transaction fails it with unavailable and rolls it back', async () => {
    let runs = 0;
    const broken = work.run(async (tx) => {
      runs += 1;
      await tx.users.insert('ann', 'hash');
      proxy.cut();
      await tx.users.insert('bob', 'hash');
    });
    await expect(broken).rejects.toMatchObject(UNAVAILABLE);
    expect(runs).toBe(1);
    expect(await userNames()).toEqual([]);
  });

  it('before COMMIT arrives fails the transaction with unavailable and rolls it back', async () => {
    let runs = 0;
    proxy.cutAt('COMMIT', 'before');
    const broken = work.run(async (tx) => {
      runs += 1;
      return tx.users.insert('ann', 'hash');
    });
    await expect(broken).rejects.toMatchObject(UNAVAILABLE);
    expect(runs).toBe(1);
    expect(await userNames()).toEqual([]);
  });

  it('after COMMIT arrived fails with unavailable, and the transaction is committed once', async () => {
    let runs = 0;
    proxy.cutAt('COMMIT', 'after');
    const broken = work.run(async (tx) => {
      runs += 1;
      return tx.users.insert(`ann ${runs}`, 'hash');
    });
    await expect(broken).rejects.toMatchObject(UNAVAILABLE);
    expect(runs).toBe(1);
    expect(await userNames()).toEqual(['ann 1']);
  });

  it('is replaced as soon as the database accepts connections again', async () => {
    await Promise.all(Array.from({ length: 4 }, async () => work.run(async (tx) => tx.users.list())));
    proxy.cut();
    await expect(work.run(async (tx) => tx.users.list())).rejects.toMatchObject(UNAVAILABLE);
    await until('the other connections have ended', () => database.pool.totalCount === 0);
    proxy.mend();
    await work.run(async (tx) => tx.users.insert('ann', 'hash'));
    expect(await userNames()).toEqual(['ann']);
  });

  it('because its server ended it fails with unavailable too', async () => {
    const broken = work.run(async (tx) => {
      await tx.users.insert('ann', 'hash');
      await rowsOf(
        depot.url,
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and state = 'idle in transaction'`,
      );
      await tx.users.insert('bob', 'hash');
    });
    await expect(broken).rejects.toMatchObject(UNAVAILABLE);
    expect(await userNames()).toEqual([]);
  });
});

describe('A database', () => {
  it('that refuses connections is unavailable', async () => {
    const depot = await openTestDepot();
    const proxy = await openProxy(depot.url);
    await proxy.close();
    const database = openDatabase({ url: proxy.url, maxConnections: 2 });
    const work = new PostgresUnitOfWork(database.pool);
    await expect(work.run(async (tx) => tx.users.list())).rejects.toMatchObject(UNAVAILABLE);
    await database.close();
    await depot.close();
  });

  it('whose connections are all in use is unavailable after a limited wait', async () => {
    const depot = await openTestDepot();
    const database = openDatabase({ url: depot.url, maxConnections: 1 });
    const work = new PostgresUnitOfWork(database.pool);
    const go = gate();
    const inUse = gate();
    const busy = work.run(async () => {
      inUse.open();
      await go.opened;
    });
    await inUse.opened;
    await expect(work.run(async (tx) => tx.users.list())).rejects.toMatchObject(UNAVAILABLE);
    go.open();
    await busy;
    await work.run(async (tx) => tx.users.list());
    await database.close();
    await depot.close();
  });

  it('in which a lock is held for too long is unavailable after a limited wait', async () => {
    const depot = await openTestDepot();
    const { id } = await depot.work.run(async (tx) => tx.users.insert('ann', 'hash'));
    const locked = gate();
    const go = gate();
    const holding = depot.work.run(async (tx) => {
      await tx.users.lock(id);
      locked.open();
      await go.opened;
    });
    await locked.opened;
    const waiting = depot.work.run(async (tx) => tx.users.lock(id));
    const failed = expect(waiting).rejects.toMatchObject(UNAVAILABLE);
    await untilBlocked(depot.url);
    await failed;
    go.open();
    await holding;
    await depot.close();
  });

  it('keeps the values of a statement out of its errors', async () => {
    const depot = await openTestDepot();
    await depot.work.run(async (tx) => tx.users.insert('ann', 'hash'));
    const failing = depot.work.run(async (tx) =>
      tx.users.changePassword(1 as never, 'x'.repeat(10).concat('\0 secret')),
    );
    const error: unknown = await failing.catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).not.toContain('secret');
    await depot.close();
  });
});
