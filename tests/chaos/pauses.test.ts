import { Client } from '../support/http/client.ts';
import { expectPoolsMatchRows } from '../support/program/platter-checks.ts';
import { until } from '../support/waiting/until.ts';
import { timeoutMs, seed, times } from './repetitions.ts';
import { AnswerLog } from './answer-log.ts';
import { Random } from './random.ts';
import { startReplicas, type Replicas } from './replicas.ts';
import { bytesOf } from './expected-state.ts';
import { Traffic } from './traffic.ts';
import { beginUpload } from './unfinished-upload.ts';
import { failedClones, readStoredMedia } from './stored-media.ts';

const PAUSES = times('PLATTER_PAUSES', 3, 100);
/**
 * A process may be stopped while it holds locks: then no sweep succeeds before the database ends
 * its session.
 */
const LONGEST_PAUSE_MS = 6_000;

describe('A process that was stopped beyond its lease', () => {
  let replicas: Replicas;
  beforeAll(async () => (replicas = await startReplicas({ env: { PLATTER_LEASE: '1', PLATTER_LEASE_GRACE: '0' } })));
  afterEach(() => {
    // A stopped process would block the end of a failed test.
    replicas.platters[0].process.kill('SIGCONT');
  });
  afterAll(async () => replicas.stop());

  const unfinishedCount = async (): Promise<number> =>
    (await replicas.records.rows(`select id from media where state <> 'ready'`)).length;

  it('does not finish an upload that another replica swept meanwhile', async () => {
    const { platters, roots, records, poolFixtures } = replicas;
    const upload = await beginUpload(replicas, roots[0]);
    platters[0].process.kill('SIGSTOP');
    await until('the other replica sweeps', async () => (await unfinishedCount()) === 0);
    expect(await poolFixtures.get(1)!.stored()).toEqual([]);
    const bytes = bytesOf(1000, 'the next one');
    const next = await roots[1].upload({ group: 0, name: upload.name }, bytes);
    expect(next.status).toBe(200);

    upload.throttledBody.open();
    platters[0].process.kill('SIGCONT');
    const answer = await upload.answer;
    expect(answer).toMatchObject({ status: 503, body: { code: 301 } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);

    await expectPoolsMatchRows(replicas.database.url, poolFixtures);
    const { mid } = next.body as { mid: string };
    expect(await records.rows('select id, name from media')).toEqual([{ id: mid, name: upload.name }]);
    expect(await poolFixtures.get(1)!.bytes(mid)).toEqual(bytes);
    await roots[1].ask('DELETE /m/media', { mid });
  });

  it('finishes an upload that no replica swept', async () => {
    const { platters, roots, records } = replicas;
    await replicas.platters[1].kill('SIGTERM');
    const upload = await beginUpload(replicas, roots[0]);
    platters[0].process.kill('SIGSTOP');
    await until('its lease has expired', async () => {
      const rows = await records.rows(`select id from media where lease_until < clock_timestamp()`);
      return rows.length === 1;
    });
    upload.throttledBody.open();
    platters[0].process.kill('SIGCONT');
    expect(await upload.answer).toMatchObject({ status: 200, body: { mid: upload.mid } });
    await roots[0].ask('DELETE /m/media', { mid: upload.mid });
    await platters[1].restart();
  });

  it(
    `agrees with the answers after ${PAUSES} pauses at random moments`,
    async () => {
      const { platters, roots, records, poolFixtures } = replicas;
      const begun = seed();
      const random = new Random(begun);
      const answerLog = new AnswerLog();
      const target = { databaseUrl: replicas.database.url, poolFixture: poolFixtures.get(1)! };
      for (let round = 1; round <= PAUSES; round += 1) {
        const root = new Client(platters[0].url, roots[0].authkey);
        const traffic = new Traffic(root, answerLog, random, `pause ${round}`);
        await traffic.answers(1 + random.below(25));
        platters[0].process.kill('SIGSTOP');
        const stopped = performance.now();
        await until(
          'the pause is long enough',
          async () => (await unfinishedCount()) === 0 || performance.now() - stopped > LONGEST_PAUSE_MS,
        );
        traffic.stop();
        platters[0].process.kill('SIGCONT');
        await traffic.ended;
        await until('no item is unfinished', async () => (await unfinishedCount()) === 0);
        await expectPoolsMatchRows(replicas.database.url, poolFixtures);
        expect([begun, round, answerLog.reconcile(await readStoredMedia(target), await failedClones(target))]).toEqual([
          begun,
          round,
          [],
        ]);
        expect(await records.rows('select * from usage_drift')).toEqual([]);
      }
    },
    timeoutMs(PAUSES),
  );
});
