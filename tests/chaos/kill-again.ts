import { logIn } from '../support/http/client.ts';
import { startPlatter } from '../support/program/platter.ts';
import type { TestBucket } from '../support/s3/test-bucket.ts';
import { patience, seed } from './extent.ts';
import { Ledger } from './ledger.ts';
import { Random } from './random.ts';
import { startReplicas } from './replicas.ts';
import { SLOW_COPIES, survive } from './survive.ts';

/**
 * Says what holds after `count` kills of one service; `open` answers the bucket that its pool is,
 * or null for a folder.
 */
export function promiseSurvival(count: number, open: () => Promise<TestBucket | null>): void {
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
      const ledger = new Ledger();
      const target = {
        get urls() {
          return [platter.url];
        },
        databaseUrl: platter.database.url,
        poolFixture: platter.poolFixture,
      };
      const kill = { deal: async () => platter.kill('SIGKILL'), bringBack: async () => platter.restart() };
      for (let round = 1; round <= count; round += 1) {
        await told(begun, round, 'service killed', survive(target, authkey, ledger, random, kill));
      }
      await platter.stop();
    },
    patience(count),
  );
}

/** Says what holds after `count` kills of one of three replicas; `open` as above. */
export function promiseReplicaSurvival(count: number, open: () => Promise<TestBucket | null>): void {
  it(
    `after ${count} kills of one of three processes on the same database and pool`,
    async () => {
      const begun = seed();
      const random = new Random(begun);
      const bucket = await open();
      const replicas = await startReplicas({ more: 1, ...(bucket === null ? {} : { bucket }), env: SLOW_COPIES });
      const { platters, roots, database, poolFixtures } = replicas;
      const ledger = new Ledger();
      const target = {
        get urls() {
          return platters.map(({ url }) => url);
        },
        databaseUrl: database.url,
        poolFixture: poolFixtures.get(1)!,
      };
      for (let round = 1; round <= count; round += 1) {
        const struck = platters[random.below(platters.length)]!;
        const kill = { deal: async () => struck.kill('SIGKILL'), bringBack: async () => struck.restart() };
        await told(begun, round, 'one of three killed', survive(target, roots[0].authkey, ledger, random, kill));
      }
      await replicas.stop();
    },
    patience(count),
  );
}

/** Says how to repeat a failure, as far as chance can be repeated. */
export async function told(begun: number, round: number, what: string, survived: Promise<void>): Promise<void> {
  try {
    await survived;
  } catch (cause) {
    throw new Error(`PLATTER_SEED=${begun}, round ${round}, ${what}: ${String(cause)}`, { cause });
  }
}
