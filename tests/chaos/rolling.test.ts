import { Installation } from '../acceptance/start-up/installation.ts';
import { Client } from '../support/http/client.ts';
import { expectSettled } from '../support/program/platter-checks.ts';
import { until } from '../support/waiting/until.ts';
import { patience, seed, times } from './extent.ts';
import { openFront } from './front.ts';
import { Ledger } from './ledger.ts';
import { makeNextVersion } from './next-version.ts';
import { Random } from './random.ts';
import { startReplicas, type Replicas } from './replicas.ts';
import { Traffic } from './traffic.ts';
import { clonesUnderWay, debrisOf, failedClones, whatIsThere } from './what-is-there.ts';

const PAUSES = times('PLATTER_PAUSES_OF_THREE', 1, 60);
/** As long as what a stopped process has locked may hold up the others. Milliseconds. */
const LONGEST_PAUSE = 6_000;

describe('Three processes on the same database and pool', () => {
  const begun = seed();
  const random = new Random(begun);
  const ledger = new Ledger();
  let next: string;
  let main: string | undefined;
  let replicas: Replicas;
  beforeAll(async () => {
    next = await makeNextVersion();
    const env = { PLATTER_LEASE: '1', PLATTER_LEASE_GRACE: '0', PLATTER_SHUTDOWN_GRACE: '1' };
    replicas = await startReplicas({ more: 1, env, main: () => main });
  });
  afterEach(() => {
    for (const { process } of replicas.platters) process.kill('SIGCONT');
  });
  afterAll(async () => replicas.stop());

  /** Fails unless everything is as the clients were told. */
  async function expectAsTold(): Promise<void> {
    const { database, poolFixtures } = replicas;
    const target = { databaseUrl: database.url, poolFixture: poolFixtures.get(1)! };
    await until('all clones have ended', async () => (await clonesUnderWay(target)).length === 0);
    await until('nothing is left of what was not answered', async () => (await debrisOf(target)).length === 0);
    expect([begun, ledger.settle(await whatIsThere(target), await failedClones(target))]).toEqual([begun, []]);
    await expectSettled(database.url, poolFixtures);
  }

  it(
    `leave what clients were told, after ${PAUSES} pauses of one of them while all are busy`,
    async () => {
      const { platters, roots, records } = replicas;
      for (let round = 1; round <= PAUSES; round += 1) {
        const struck = random.below(platters.length);
        const traffics = roots.map(
          (root, at) => new Traffic(root, ledger, random, `pause ${round} of ${struck}, ${at}`),
        );
        await Promise.all(traffics.map(async (traffic) => traffic.answers(5 + random.below(10))));
        platters[struck]!.process.kill('SIGSTOP');
        const stopped = performance.now();
        const others = traffics.filter((_, at) => at !== struck);
        const leased = await records.rows(`select id from media where state in ('creating', 'uploading')`);
        const ids = leased.map(({ id }) => `'${String(id)}'`).join() || 'null';
        await until('the others have swept what it was at', async () => {
          const left = await records.rows(
            `select id from media where id in (${ids}) and state in ('creating', 'uploading')`,
          );
          return left.length === 0 || performance.now() - stopped > LONGEST_PAUSE;
        });
        for (const traffic of traffics) traffic.stop();
        platters[struck]!.process.kill('SIGCONT');
        await Promise.all(others.map(async ({ ended }) => ended));
        await Promise.all(traffics.map(async ({ ended }) => ended));
        await expectAsTold();
      }
    },
    patience(PAUSES),
  );

  it('are replaced by a version with one more migration, one after the other, while clients go on', async () => {
    const { platters, roots, database, records } = replicas;
    const known = async (): Promise<number> => (await records.rows('select name from migrations')).length;
    const before = await known();
    main = next;
    const front = await openFront(() => platters.map(({ port }) => port));
    const clients = roots.map(({ authkey }) => new Client(front.url, authkey));
    const traffics = clients.map((client, at) => new Traffic(client, ledger, random, `roll ${at}`, 0));
    const busy = async (): Promise<unknown> =>
      Promise.all(traffics.map(async (traffic) => traffic.answers(traffic.count + 5)));
    try {
      await busy();
      for (const [at, platter] of platters.entries()) {
        await platter.restart();
        await busy();
        if (at > 0) continue;
        expect(await known()).toBe(before + 1);
        // The others go on as they are; one that is started again would not.
        expect(
          (await new Client(platters[2]!.url, roots[0].authkey).call('POST /m/pool/list', { gid: 0 })).status,
        ).toBe(200);
        const refusal = await (await Installation.beside(database.url)).refusal();
        expect(refusal).toContain('the database was used by a newer Platter');
      }
    } finally {
      for (const traffic of traffics) traffic.stop();
      await Promise.allSettled(traffics.map(async ({ ended }) => ended));
      await front.close();
    }
    await Promise.all(traffics.map(async ({ ended }) => ended));
    await expectAsTold();
  });
});
