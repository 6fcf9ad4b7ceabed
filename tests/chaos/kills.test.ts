import { setTimeout as delay } from 'node:timers/promises';
import { Client, logIn, send } from '../support/client.ts';
import { expectNoDrift } from '../support/invariant.ts';
import { startPlatter, type Platter } from '../support/platter.ts';
import { until } from '../support/until.ts';
import { patience, seed, times } from './extent.ts';
import { Ledger } from './ledger.ts';
import { Random } from './random.ts';
import { Traffic } from './traffic.ts';
import { prepareVictim, type Victim } from './victim.ts';
import { debrisOf, failedClones, whatIsThere } from './what-is-there.ts';

const KILLS = times('PLATTER_KILLS', 20, 240);
const OWN_DATABASE_KILLS = times('PLATTER_OWN_DATABASE_KILLS', 5, 60);
/** What had not been answered is gone, and what was promised is whole, this long after the service is ready. Milliseconds. */
const SWEPT_WITHIN = 60_000;

/** So that clones are killed in the middle, and are whole soon all the same. */
const SLOW_COPIES = { PLATTER_COPY_RATE: '2000000' };

type Target = Pick<Victim, 'url' | 'databaseUrl' | 'poolFolder'>;

/** Lets clients work until something is killed, has it brought back, and fails unless everything is as the clients were told. */
async function survive(target: Target, authkey: string, ledger: Ledger, random: Random, kill: Kill): Promise<void> {
  const traffic = new Traffic(new Client(target.url, authkey), ledger, random, `life ${(lives += 1)}`);
  await traffic.answers(1 + random.below(25));
  await delay(random.below(15));
  await kill.deal();
  traffic.stop();
  await traffic.ended;
  await kill.bringBack();

  await until('the service is ready', async () => {
    const { status } = await send(target.url, { method: 'GET', path: '/readyz' });
    return status === 200;
  });
  await expectSweptInTime(target);
  const [found, failed] = [await whatIsThere(target), await failedClones(target)];
  expect([...failed].filter((mid) => found.has(mid))).toEqual([]);
  expect(ledger.settle(found, failed)).toEqual([]);
  await expectNoDrift(target.databaseUrl);
}

interface Kill {
  /** Resolves when it is dead. */
  deal(): Promise<void>;
  bringBack(): Promise<void>;
}

let lives = 0;

async function expectSweptInTime(target: Target): Promise<void> {
  const deadline = performance.now() + SWEPT_WITHIN;
  for (;;) {
    const debris = await debrisOf(target);
    if (debris.length === 0) return;
    if (performance.now() > deadline) throw new Error(`This is left: ${JSON.stringify(debris)}`);
    await delay(20);
  }
}

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
        get url() {
          return platter.url;
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
        await told(round, what, survive(victim, authkey, ledger, random, kill));
      }
    },
    patience(OWN_DATABASE_KILLS, 60_000),
  );
});
