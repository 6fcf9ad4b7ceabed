import { scrape, type Scrape } from '../support/http/scrape.ts';
import { startPlatter, type Platter } from '../support/program/platter.ts';
import { createTestDatabase } from '../support/database/test-database.ts';
import { until } from '../support/waiting/until.ts';
import { openDatabaseProxy, type DatabaseProxy } from '../acceptance/velocity/database-proxy.ts';

const FROM_THE_DATABASE = ['platter_pool_used_bytes{pool="1"}', 'platter_jobs{state="waiting"}'];

describe('During a database outage, the metrics', () => {
  let proxy: DatabaseProxy;
  let platter: Platter;
  beforeAll(async () => {
    const database = await createTestDatabase();
    proxy = await openDatabaseProxy(database.url);
    platter = await startPlatter({ database, env: { DATABASE_URL: proxy.url } });
  });
  afterEach(() => proxy.mend());

  const known = ({ values }: Scrape): readonly boolean[] => FROM_THE_DATABASE.map((series) => values.has(series));

  it('report the outage, omit series from the database and keep the others', async () => {
    expect(known(await scrape(platter.url))).toEqual([true, true]);
    proxy.cut();
    const away = await scrape(platter.url);
    expect([away.value('platter_database_up'), away.value('platter_ready')]).toEqual([0, 0]);
    expect(known(away)).toEqual([false, false]);
    expect(away.value('platter_pool_usable{pool="1"}')).toBe(1);
    const failed = 'platter_chore_passes_total{chore="sweep",outcome="failed"}';
    await until('a sweep fails', async () => (await scrape(platter.url)).value(failed) > 0);

    proxy.mend();
    const back = await until('the database is back', async () => {
      const now = await scrape(platter.url);
      return now.value('platter_database_up') === 1 && known(now).every(Boolean) && now;
    });
    expect(back.value('platter_ready')).toBe(1);
  });
});
