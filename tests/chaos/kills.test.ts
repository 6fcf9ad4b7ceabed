import { logIn } from '../support/client.ts';
import { startPlatter, type Platter } from '../support/platter.ts';
import { patience, seed, times } from './extent.ts';
import { Ledger } from './ledger.ts';
import { Random } from './random.ts';
import { startReplicas } from './replicas.ts';
import { SLOW_COPIES, survive, type Kill } from './survive.ts';
import { prepareVictim } from './victim.ts';

const KILLS = times('PLATTER_KILLS', 16, 240);
const OWN_DATABASE_KILLS = times('PLATTER_OWN_DATABASE_KILLS', 5, 60);
const REPLICA_KILLS = times('PLATTER_REPLICA_KILLS', 4, 60);

describe('What was answered is there, what was not is gone', () => {
  const begun = seed();
  const random = new Random(begun);

  /** Says how to repeat a failure, as far as chance can be repeated. */
  async function told(round: number, what: string, survived: Promise<void>): Promise<void> {
    try {
      await survived;
    } catch (cause) {
      throw new Error(`PLATTER_SEED=${begun}, round ${round}, ${what}: ${String(cause)}`, { cause });
    }
  }

  it(
    `after ${KILLS} kills of the service`,
    async () => {
      const platter: Platter = await startPlatter({ env: { PLATTER_AUTHKEY_LIFETIME: '86400', ...SLOW_COPIES } });
      const { authkey } = await logIn(platter.url);
      const ledger = new Ledger();
      const target = {
        get urls() {
          return [platter.url];
        },
        databaseUrl: platter.database.url,
        poolFolder: platter.poolFolder,
      };
      const kill = { deal: async () => platter.kill('SIGKILL'), bringBack: async () => platter.restart() };
      for (let round = 1; round <= KILLS; round += 1) {
        await told(round, 'service killed', survive(target, authkey, ledger, random, kill));
      }
      await platter.stop();
    },
    patience(KILLS, 30_000),
  );

  it(
    `after ${OWN_DATABASE_KILLS} kills of a service with its own database, of that database, or of both`,
    async () => {
      const victim = await prepareVictim(SLOW_COPIES);
      await victim.start();
      const { authkey } = await logIn(victim.url);
      const ledger = new Ledger();
      const target = {
        get urls() {
          return [victim.url];
        },
        get databaseUrl() {
          return victim.databaseUrl;
        },
        poolFolder: victim.poolFolder,
      };
      const kills: Readonly<Record<string, Kill>> = {
        'service killed': { deal: async () => victim.kill(), bringBack: async () => victim.start() },
        'database killed': { deal: async () => victim.killDatabase(), bringBack: async () => victim.start() },
        'both killed': {
          deal: async () => {
            await Promise.all([victim.kill(), victim.killDatabase()]);
          },
          bringBack: async () => victim.start(),
        },
      };
      for (let round = 1; round <= OWN_DATABASE_KILLS; round += 1) {
        const [what, kill] = Object.entries(kills)[round % 3]!;
        await told(round, what, survive(target, authkey, ledger, random, kill));
      }
    },
    patience(OWN_DATABASE_KILLS, 60_000),
  );

  it(
    `after ${REPLICA_KILLS} kills of one of two processes on the same database and pool`,
    async () => {
      const replicas = await startReplicas({ env: SLOW_COPIES });
      const { platters, roots, database } = replicas;
      const [poolFolder = ''] = replicas.poolFolders.values();
      const ledger = new Ledger();
      const target = {
        get urls() {
          return platters.map(({ url }) => url);
        },
        databaseUrl: database.url,
        poolFolder,
      };
      for (let round = 1; round <= REPLICA_KILLS; round += 1) {
        const struck = platters[random.below(2)]!;
        const kill = { deal: async () => struck.kill('SIGKILL'), bringBack: async () => struck.restart() };
        await told(round, 'one of two killed', survive(target, roots[0].authkey, ledger, random, kill));
      }
      await replicas.stop();
    },
    patience(REPLICA_KILLS, 30_000),
  );
});
