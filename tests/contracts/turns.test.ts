import { openDatabase } from '../../src/adapters/postgres/database.ts';
import { PostgresTurns } from '../../src/adapters/postgres/turns.ts';
import { NEVER } from '../support/byte-sources.ts';
import { openTestDepot, type TestDepot } from '../support/depot.ts';
import { gate } from '../support/gate.ts';
import { rowsOf } from '../support/postgres.ts';
import { until } from '../support/until.ts';

describe('Turns in PostgreSQL', () => {
  let depot: TestDepot;
  beforeEach(async () => (depot = await openTestDepot()));
  afterEach(async () => depot.close());

  it('are taken one after the other, by whichever replica', async () => {
    const other = openDatabase({ url: depot.url, connections: 1 });
    let atOnce = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await rowsOf(depot.url, 'select 1');
      atOnce -= 1;
    };
    await Promise.all(
      [depot.pool, other.pool, depot.pool].map(async (pool) => new PostgresTurns(pool).take('library', NEVER, work)),
    );
    await other.close();
    expect(most).toBe(1);
  });

  it('answer what the work answers, and fail with what it fails with, and the next has its turn', async () => {
    const turns = new PostgresTurns(depot.pool);
    expect(await turns.take('library', NEVER, async () => Promise.resolve('done'))).toBe('done');
    const fault = new Error('mine');
    await expect(turns.take('library', NEVER, async () => Promise.reject(fault))).rejects.toBe(fault);
    expect(await turns.take('library', NEVER, async () => Promise.resolve(null))).toBeNull();
  });

  it('are answered with nothing at once where somebody has one and nobody is to wait', async () => {
    const turns = new PostgresTurns(depot.pool);
    const held = await turns.tryTake('scrub', async () => {
      const other = await turns.tryTake('library', async () => Promise.resolve('other work'));
      return [other, await turns.tryTake('scrub', async () => Promise.resolve('never'))];
    });
    expect(held).toEqual({ answer: [{ answer: 'other work' }, null] });
    expect(await turns.tryTake('scrub', async () => Promise.resolve('mine'))).toEqual({ answer: 'mine' });
  });

  it('are not waited for any longer once the signal aborts', async () => {
    const turns = new PostgresTurns(depot.pool);
    const [begun, go] = [gate(), gate()];
    const first = turns.take('library', NEVER, async () => {
      begun.open();
      await go.opened;
    });
    await begun.opened;
    const stop = new AbortController();
    const reason = new Error('stopped');
    const waiting = turns.take('library', stop.signal, async () => Promise.resolve());
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    go.open();
    await first;
  });

  it('end with the connection of whoever had it', async () => {
    const turns = new PostgresTurns(depot.pool);
    const [begun, go] = [gate(), gate()];
    const first = turns.take('library', NEVER, async () => {
      begun.open();
      await go.opened;
      return 'done all the same';
    });
    await begun.opened;
    const held = `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())`;
    expect(await rowsOf(depot.url, held)).toHaveLength(1);
    await until('another has its turn', async () => turns.take('library', NEVER, async () => Promise.resolve(true)));
    go.open();
    expect(await first).toBe('done all the same');
  });
});
