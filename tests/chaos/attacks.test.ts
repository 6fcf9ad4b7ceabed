import { ATTACKS } from '../../bench/attacks/attacks.ts';
import { BEHIND_PROXY, createTenant, type Tenant } from '../../bench/attacks/tenants.ts';
import { attackFor } from '../../bench/attacks/victim.ts';
import { forgetPeak, memoryOf } from '../../bench/frame/processes.ts';
import { logIn, send } from '../support/http/client.ts';
import { startPlatter, type Platter } from '../support/program/platter.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.ts';
import { openStatementProxy, type StatementProxy } from '../support/database/statement-proxy.ts';
import { timeoutMs, times } from './repetitions.ts';

const SECONDS = times('PLATTER_ATTACK_SECONDS', 10, 60);

/**
 * Some statements are prepared for the first time during an attack. Statements whose text depends
 * on the input number hundreds.
 */
const RARE = 40;

describe(`A tenant that another tenant attacks for ${SECONDS} seconds`, () => {
  let database: TestDatabase;
  let wire: StatementProxy;
  let platter: Platter;
  let victim: Tenant;
  let attacker: Tenant;
  beforeAll(async () => {
    database = await createTestDatabase();
    wire = await openStatementProxy(database.url);
    platter = await startPlatter({ database, env: { ...BEHIND_PROXY, DATABASE_URL: wire.url } });
    const { authkey } = await logIn(platter.url);
    const root = { Authorization: `Bearer ${authkey}`, 'X-Forwarded-For': '192.0.2.1' };
    victim = await createTenant(platter.url, root, 'victim', '192.0.2.2');
    attacker = await createTenant(platter.url, root, 'attacker', '198.51.100.9');
  });
  afterAll(async () => {
    await platter.stop();
    await wire.close();
    await database.drop();
  });

  it.each(ATTACKS)(
    'is served throughout: $name',
    async (attack) => {
      const before = new Set(wire.prepared);
      forgetPeak(platter.process.pid!);
      const { refused, rounds, p99 } = await attackFor(SECONDS, attack, { attacker, victim });
      const { peak } = memoryOf(platter.process.pid!);
      process.stdout.write(
        `${attack.name}: p99 ${Math.round(p99)} ms, ${rounds} rounds, peak ${Math.round(peak)} MiB\n`,
      );

      expect(refused).toEqual([]);
      expect([...wire.prepared].filter((text) => !before.has(text)).length).toBeLessThan(RARE);
      expect([platter.process.exitCode, platter.process.signalCode]).toEqual([null, null]);
      expect((await send(platter.url, { method: 'GET', path: '/readyz' })).status).toBe(200);
    },
    timeoutMs(SECONDS),
  );
});
