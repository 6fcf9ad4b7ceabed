import { Installation } from '../acceptance/start-up/installation.ts';
import { Client } from '../support/http/client.ts';
import { expectPoolsMatchRows } from '../support/program/platter-checks.ts';
import { until } from '../support/waiting/until.ts';
import { timeoutMs, seed, times } from './repetitions.ts';
import { openLoadBalancer } from './load-balancer.ts';
import { AnswerLog } from './answer-log.ts';
import { buildNextVersion } from './next-version.ts';
import { Random } from './random.ts';
import { startReplicas, type Replicas } from './replicas.ts';
import { Traffic } from './traffic.ts';
import { unfinishedClones, leftoversOf, failedClones, readStoredMedia } from './stored-media.ts';

const PAUSES = times('PLATTER_PAUSES_OF_THREE', 1, 60);
/** How long the locks of a stopped process may block the others. */
const LONGEST_PAUSE_MS = 6_000;

describe('Three processes on the same database and pool', () => {
  const begun = seed();
  const random = new Random(begun);
  const answerLog = new AnswerLog();
  let next: string;
  let main: string | undefined;
  let replicas: Replicas;
  beforeAll(async () => {
    next = await buildNextVersion();
    const env = { PLATTER_LEASE: '1', PLATTER_LEASE_GRACE: '0', PLATTER_SHUTDOWN_GRACE: '1' };
    replicas = await startReplicas({ additional: 1, env, main: () => main });
  });
  afterEach(() => {
    for (const { process } of replicas.platters) process.kill('SIGCONT');
  });
  afterAll(async () => replicas.stop());

  /** Fails unless database and pools agree with the answers that the clients got. */
  async function expectConsistent(): Promise<void> {
    const { database, poolFixtures } = replicas;
    const target = { databaseUrl: database.url, poolFixture: poolFixtures.get(1)! };
    await until('all clones have ended', async () => (await unfinishedClones(target)).length === 0);
    await until('no leftovers remain', async () => (await leftoversOf(target)).length === 0);
    expect([begun, answerLog.reconcile(await readStoredMedia(target), await failedClones(target))]).toEqual([
      begun,
      [],
    ]);
    await expectPoolsMatchRows(database.url, poolFixtures);
  }

  it(
    `agree with the answers after ${PAUSES} pauses of one of them under load`,
    async () => {
      const { platters, roots, records } = replicas;
      for (let round = 1; round <= PAUSES; round += 1) {
        const struck = random.below(platters.length);
        const traffics = roots.map(
          (root, at) => new Traffic(root, answerLog, random, `pause ${round} of ${struck}, ${at}`),
        );
        await Promise.all(traffics.map(async (traffic) => traffic.answers(5 + random.below(10))));
        platters[struck]!.process.kill('SIGSTOP');
        const stopped = performance.now();
        const others = traffics.filter((_, at) => at !== struck);
        const leased = await records.rows(`select id from media where state in ('creating', 'uploading')`);
        const ids = leased.map(({ id }) => `'${String(id)}'`).join() || 'null';
        await until('the others have swept its uploads', async () => {
          const left = await records.rows(
            `select id from media where id in (${ids}) and state in ('creating', 'uploading')`,
          );
          return left.length === 0 || performance.now() - stopped > LONGEST_PAUSE_MS;
        });
        for (const traffic of traffics) traffic.stop();
        platters[struck]!.process.kill('SIGCONT');
        await Promise.all(others.map(async ({ ended }) => ended));
        await Promise.all(traffics.map(async ({ ended }) => ended));
        await expectConsistent();
      }
    },
    timeoutMs(PAUSES),
  );

  it('are replaced one by one with a version that has one more migration, under load', async () => {
    const { platters, roots, database, records } = replicas;
    const appliedMigrations = async (): Promise<number> => (await records.rows('select name from migrations')).length;
    const before = await appliedMigrations();
    main = next;
    const front = await openLoadBalancer(() => platters.map(({ port }) => port));
    const clients = roots.map(({ authkey }) => new Client(front.url, authkey));
    const traffics = clients.map((client, at) => new Traffic(client, answerLog, random, `roll ${at}`, 0));
    const busy = async (): Promise<unknown> =>
      Promise.all(traffics.map(async (traffic) => traffic.answers(traffic.count + 5)));
    try {
      await busy();
      for (const [at, platter] of platters.entries()) {
        await platter.restart();
        await busy();
        if (at > 0) continue;
        expect(await appliedMigrations()).toBe(before + 1);
        // The other processes keep serving; the old version cannot start any more.
        expect(
          (await new Client(platters[2]!.url, roots[0].authkey).call('POST /m/pool/list', { gid: 0 })).status,
        ).toBe(200);
        const startError = await (await Installation.beside(database.url)).refusal();
        expect(startError).toContain('the database was used by a newer Platter');
      }
    } finally {
      for (const traffic of traffics) traffic.stop();
      await Promise.allSettled(traffics.map(async ({ ended }) => ended));
      await front.close();
    }
    await Promise.all(traffics.map(async ({ ended }) => ended));
    await expectConsistent();
  });
});
