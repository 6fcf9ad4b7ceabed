import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../shared/error-code.ts';
import type { Site } from './launch.ts';
import { launch } from './launch.ts';
import type { Postmaster } from './postmaster.ts';
import { endPostmaster } from './postmaster.ts';
import { pruneServerLog } from './server-log.ts';

const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 10_000;
/** A server that ran this long has recovered from the earlier failure. */
const STEADY_MS = 60_000;
const PRUNE_INTERVAL_MS = 600_000;

/** A server that is restarted when it ends. */
export interface Supervision {
  readonly lost: Promise<Error>;
  stop(): Promise<void>;
}

/**
 * Restarts the server on its port whenever it ends, until `stop`: at once the first time, then
 * after waits that double up to ten seconds. `lost` resolves when restarts have failed for
 * `limitMs`.
 */
export function supervise(site: Site, first: Postmaster, limitMs: number): Supervision {
  const stopping = new AbortController();
  const pruning = setInterval(() => void pruneServerLog(site.serverLog).catch(() => undefined), PRUNE_INTERVAL_MS);
  pruning.unref();
  let current = first;
  const outcome = keepRunning(site, first, limitMs, stopping.signal, (next) => (current = next));
  let stopped: Promise<void> | undefined;

  async function end(): Promise<void> {
    stopping.abort();
    clearInterval(pruning);
    await outcome;
    await endPostmaster(current);
  }
  return {
    lost: new Promise((resolve) => void outcome.then((error) => error && resolve(error))),
    stop: async () => (stopped ??= end()),
  };
}

/**
 * Resolves to null once `signal` is aborted, or to the reason why the server cannot be restarted.
 */
async function keepRunning(
  site: Site,
  first: Postmaster,
  limitMs: number,
  signal: AbortSignal,
  replace: (next: Postmaster) => void,
): Promise<Error | null> {
  const aborted = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
  let running: Postmaster | null = first;
  let startedAt = performance.now();
  let failingSince: number | null = null;
  let wait = 0;
  for (;;) {
    if (running) {
      const end = await Promise.race([aborted, running.exited]);
      if (end === null) return null;
      if (performance.now() - startedAt > STEADY_MS) [failingSince, wait] = [null, 0];
      site.log.error(`The embedded database ${end}; restarting it`);
    }
    failingSince ??= performance.now();
    await delay(wait, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return null;
    wait = Math.min(Math.max(2 * wait, FIRST_WAIT_MS), MAX_WAIT_MS);
    try {
      running = await launch(site, first.port, signal);
      replace(running);
      startedAt = performance.now();
      site.log.info('The embedded database runs again');
    } catch (cause) {
      running = null;
      const reason = messageOf(cause);
      if (performance.now() - failingSince > limitMs) {
        return new Error(`The embedded database ended and cannot be restarted: ${reason}`, { cause });
      }
      site.log.error(reason);
    }
  }
}
