import { logIn } from '../support/http/client.ts';
import { patience, seed, times } from './extent.ts';
import { promiseReplicaSurvival, promiseSurvival, told } from './kill-again.ts';
import { Ledger } from './ledger.ts';
import { Random } from './random.ts';
import { SLOW_COPIES, survive, type Kill } from './survive.ts';
import { prepareVictim } from './victim.ts';

const KILLS = times('PLATTER_KILLS', 16, 240);
const OWN_DATABASE_KILLS = times('PLATTER_OWN_DATABASE_KILLS', 5, 60);
const REPLICA_KILLS = times('PLATTER_REPLICA_KILLS', 4, 60);

describe('What was answered is there, what was not is gone', () => {
  const begun = seed();
  const random = new Random(begun);

  promiseSurvival(KILLS, async () => Promise.resolve(null));

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
        poolFixture: victim.poolFixture,
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
        await told(begun, round, what, survive(target, authkey, ledger, random, kill));
      }
    },
    patience(OWN_DATABASE_KILLS),
  );

  promiseReplicaSurvival(REPLICA_KILLS, async () => Promise.resolve(null));
});
