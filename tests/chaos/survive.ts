import { setTimeout as delay } from 'node:timers/promises';
import { Client, send } from '../support/http/client.ts';
import { expectNoDrift } from '../support/fixtures/invariant.ts';
import { until } from '../support/waiting/until.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { Traffic } from './traffic.ts';
import { clonesUnderWay, debrisOf, failedClones, whatIsThere, type Store } from './what-is-there.ts';
import { STUCK_AFTER_MS } from '../support/waiting/patience.ts';

/** So that clones are killed in the middle, and are whole soon all the same. */
export const SLOW_COPIES = { PLATTER_COPY_RATE: '2000000' };

/**
 * Who is asked, and where what was asked for lies. Addresses are asked for anew each time: they
 * change with a restart.
 */
export interface Target extends Store {
  readonly urls: readonly string[];
}

export interface Kill {
  /** Resolves when it is dead. */
  deal(): Promise<void>;
  bringBack(): Promise<void>;
}

/**
 * Lets clients work until something is killed, has it brought back, and fails unless everything is
 * as the clients were told.
 */
export async function survive(
  target: Target,
  authkey: string,
  ledger: Ledger,
  random: Random,
  kill: Kill,
): Promise<void> {
  const traffics = target.urls.map(
    (url) => new Traffic(new Client(url, authkey), ledger, random, `life ${(lives += 1)}`),
  );
  const enough = 1 + random.below(25);
  await Promise.all(traffics.map(async (traffic) => traffic.answers(enough)));
  await delay(random.below(15));
  await kill.deal();
  for (const traffic of traffics) traffic.stop();
  await Promise.all(traffics.map(async ({ ended }) => ended));
  await kill.bringBack();

  await Promise.all(target.urls.map(async (url) => until('the service is ready', async () => isReady(url))));
  await untilSwept(target);
  await until('all clones have ended', async () => (await clonesUnderWay(target)).length === 0);
  await until('nothing of them is left', async () => (await debrisOf(target)).length === 0);
  const [found, failed] = [await whatIsThere(target), await failedClones(target)];
  expect([...failed].filter((mid) => found.has(mid))).toEqual([]);
  expect(ledger.settle(found, failed)).toEqual([]);
  await expectNoDrift(target.databaseUrl);
}

let lives = 0;

async function isReady(url: string): Promise<boolean> {
  return (await send(url, { method: 'GET', path: '/readyz' })).status === 200;
}

/** Clones were promised: they go on, and what belongs to them is no debris. */
async function untilSwept(target: Target): Promise<void> {
  const deadline = performance.now() + STUCK_AFTER_MS;
  for (;;) {
    const debris = await debrisOf(target);
    if (debris.length === 0) return;
    if (performance.now() > deadline) throw new Error(`This is left: ${JSON.stringify(debris)}`);
    await delay(20);
  }
}
