import { logIn } from '../support/http/client.ts';
import { startPlatter } from '../support/program/platter.ts';
import type { TestBucket } from '../support/s3/test-bucket.ts';
import { timeoutMs, seed } from './repetitions.ts';
import { AnswerLog } from './answer-log.ts';
import { Random } from './random.ts';
import { startReplicas } from './replicas.ts';
import { SLOW_COPIES, disruptAndVerify } from './disrupt-and-verify.ts';

/**
 * Defines the test that kills one service `count` times. `open` opens the bucket of its pool, or
 * resolves to null for a folder.
 */
export function testKills(count: number, open: () => Promise<TestBucket | null>): void {
  it(
    `after ${count} kills of the service`,
    async () => {
      const begun = seed();
      const random = new Random(begun);
      const bucket = await open();
      const platter = await startPlatter({
        ...(bucket === null ? {} : { bucket }),
        env: { PLATTER_AUTHKEY_LIFETIME: '86400', ...SLOW_COPIES },
      });
      const { authkey } = await logIn(platter.url);
      const answerLog = new AnswerLog();
      const target = {
        get urls() {
          return [platter.url];
        },
        databaseUrl: platter.database.url,
        poolFixture: platter.poolFixture,
      };
      const kill = { begin: async () => platter.kill('SIGKILL'), end: async () => platter.restart() };
      for (let round = 1; round <= count; round += 1) {
        await withSeed(begun, round, 'service killed', disruptAndVerify(target, authkey, answerLog, random, kill));
      }
      await platter.stop();
    },
    timeoutMs(count),
  );
}

/** Defines the test that kills one of three replicas `count` times; `open` as above. */
export function testReplicaKills(count: number, open: () => Promise<TestBucket | null>): void {
  it(
    `after ${count} kills of one of three processes on the same database and pool`,
    async () => {
      const begun = seed();
      const random = new Random(begun);
      const bucket = await open();
      const replicas = await startReplicas({ additional: 1, ...(bucket === null ? {} : { bucket }), env: SLOW_COPIES });
      const { platters, roots, database, poolFixtures } = replicas;
      const answerLog = new AnswerLog();
      const target = {
        get urls() {
          return platters.map(({ url }) => url);
        },
        databaseUrl: database.url,
        poolFixture: poolFixtures.get(1)!,
      };
      for (let round = 1; round <= count; round += 1) {
        const struck = platters[random.below(platters.length)]!;
        const kill = { begin: async () => struck.kill('SIGKILL'), end: async () => struck.restart() };
        await withSeed(
          begun,
          round,
          'one of three killed',
          disruptAndVerify(target, roots[0].authkey, answerLog, random, kill),
        );
      }
      await replicas.stop();
    },
    timeoutMs(count),
  );
}

/** Adds the seed and the round to a failure, for another run with the same random choices. */
export async function withSeed(begun: number, round: number, what: string, survived: Promise<void>): Promise<void> {
  try {
    await survived;
  } catch (cause) {
    throw new Error(`PLATTER_SEED=${begun}, round ${round}, ${what}: ${String(cause)}`, { cause });
  }
}
