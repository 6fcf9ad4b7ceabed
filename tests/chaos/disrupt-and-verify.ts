import { setTimeout as delay } from 'node:timers/promises';
import { Client, send } from '../support/http/client.ts';
import { expectNoDrift } from '../support/fixtures/usage-drift.ts';
import { until } from '../support/waiting/until.ts';
import type { AnswerLog } from './answer-log.ts';
import type { Random } from './random.ts';
import { Traffic } from './traffic.ts';
import { unfinishedClones, leftoversOf, failedClones, readStoredMedia, type DepotAccess } from './stored-media.ts';
import { STUCK_AFTER_MS } from '../support/waiting/stuck-after.ts';

/** Slow enough to interrupt a clone, and fast enough to finish it soon. */
export const SLOW_COPIES = { PLATTER_COPY_RATE: '2000000' };

/** The services under test and their storage. `urls` changes with a restart. */
export interface Target extends DepotAccess {
  readonly urls: readonly string[];
}

export interface Disruption {
  /** Resolves once the disruption has taken effect. */
  begin(): Promise<void>;
  end(): Promise<void>;
}

/**
 * Runs traffic through a disruption, and fails unless database and pools agree with the answers
 * afterwards.
 */
export async function disruptAndVerify(
  target: Target,
  authkey: string,
  answerLog: AnswerLog,
  random: Random,
  kill: Disruption,
): Promise<void> {
  const traffics = target.urls.map(
    (url) => new Traffic(new Client(url, authkey), answerLog, random, `run ${(runs += 1)}`),
  );
  const enough = 1 + random.below(25);
  await Promise.all(traffics.map(async (traffic) => traffic.answers(enough)));
  await delay(random.below(15));
  await kill.begin();
  for (const traffic of traffics) traffic.stop();
  await Promise.all(traffics.map(async ({ ended }) => ended));
  await kill.end();

  await Promise.all(target.urls.map(async (url) => until('the service is ready', async () => isReady(url))));
  await untilSwept(target);
  await until('all clones have ended', async () => (await unfinishedClones(target)).length === 0);
  await until('no leftovers remain', async () => (await leftoversOf(target)).length === 0);
  const [found, failed] = [await readStoredMedia(target), await failedClones(target)];
  expect([...failed].filter((mid) => found.has(mid))).toEqual([]);
  expect(answerLog.reconcile(found, failed)).toEqual([]);
  await expectNoDrift(target.databaseUrl);
}

let runs = 0;

async function isReady(url: string): Promise<boolean> {
  return (await send(url, { method: 'GET', path: '/readyz' })).status === 200;
}

/** Resolves once no leftovers remain. An unfinished clone is no leftover: its job continues. */
async function untilSwept(target: Target): Promise<void> {
  const deadline = performance.now() + STUCK_AFTER_MS;
  for (;;) {
    const debris = await leftoversOf(target);
    if (debris.length === 0) return;
    if (performance.now() > deadline) throw new Error(`Leftovers remain: ${JSON.stringify(debris)}`);
    await delay(20);
  }
}
