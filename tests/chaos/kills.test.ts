import { logIn } from '../support/http/client.ts';
import { timeoutMs, seed, times } from './repetitions.ts';
import { testReplicaKills, testKills, withSeed } from './kill-tests.ts';
import { AnswerLog } from './answer-log.ts';
import { Random } from './random.ts';
import { SLOW_COPIES, disruptAndVerify, type Disruption } from './disrupt-and-verify.ts';
import { prepareEmbeddedProgram } from './embedded-program.ts';

const KILLS = times('PLATTER_KILLS', 16, 240);
const OWN_DATABASE_KILLS = times('PLATTER_OWN_DATABASE_KILLS', 5, 60);
const REPLICA_KILLS = times('PLATTER_REPLICA_KILLS', 4, 60);

describe('Every answered change is kept, and no other', () => {
  const begun = seed();
  const random = new Random(begun);

  testKills(KILLS, async () => Promise.resolve(null));

  it(
    `after ${OWN_DATABASE_KILLS} kills of a service with its own database, of that database, or of both`,
    async () => {
      const program = await prepareEmbeddedProgram(SLOW_COPIES);
      await program.start();
      const { authkey } = await logIn(program.url);
      const answerLog = new AnswerLog();
      const target = {
        get urls() {
          return [program.url];
        },
        get databaseUrl() {
          return program.databaseUrl;
        },
        poolFixture: program.poolFixture,
      };
      const kills: Readonly<Record<string, Disruption>> = {
        'service killed': { begin: async () => program.kill(), end: async () => program.start() },
        'database killed': { begin: async () => program.killDatabase(), end: async () => program.start() },
        'both killed': {
          begin: async () => {
            await Promise.all([program.kill(), program.killDatabase()]);
          },
          end: async () => program.start(),
        },
      };
      for (let round = 1; round <= OWN_DATABASE_KILLS; round += 1) {
        const [what, kill] = Object.entries(kills)[round % 3]!;
        await withSeed(begun, round, what, disruptAndVerify(target, authkey, answerLog, random, kill));
      }
    },
    timeoutMs(OWN_DATABASE_KILLS),
  );

  testReplicaKills(REPLICA_KILLS, async () => Promise.resolve(null));
});
