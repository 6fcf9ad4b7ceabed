import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findBinaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { messageOf } from '../shared/error-code.ts';
import type { EmbeddedPostgresLog } from './log.ts';
import type { Postmaster } from './postmaster.ts';
import { endPostmaster, findPostmaster, spawnPostmaster } from './postmaster.ts';
import { becomesReady } from './readiness.ts';
import type { ServerLog } from './server-log.ts';
import { readLogTail, pruneServerLog } from './server-log.ts';
import type { ServerUser } from './server-user.ts';
import { serverFlags } from './settings.ts';

/** The folder, cluster and settings that a start of the server needs. */
export interface Site {
  readonly directory: string;
  readonly user: ServerUser | null;
  readonly cluster: Cluster;
  readonly serverLog: ServerLog;
  readonly durable: boolean;
  readonly log: EmbeddedPostgresLog;
}

const ADOPTION_LIMIT_MS = 60_000;
/**
 * Recovery after a crash reads at most a few hundred megabytes; five minutes allow for a very slow
 * disk.
 */
const READY_LIMIT_MS = 300_000;
const MAX_ATTEMPTS = 40;
const RETRY_INTERVAL_MS = 250;

/**
 * Another process took the port between choosing and using it, or children of a killed server have
 * not yet exited.
 */
const TRANSIENT_FAILURE =
  /address already in use|could not create any TCP\/IP sockets|is still in use|lock file .* already exists/i;

/**
 * Takes over the server that an earlier Platter left running on the cluster. Resolves to null when
 * there is none, when it ends, or when it was stopped because it did not accept queries.
 */
export async function adopt(site: Site): Promise<Postmaster | null> {
  const left = await findPostmaster(site.cluster.dataFolder);
  if (!left) return null;
  try {
    const ready = await becomesReady(left, site.cluster.password, ADOPTION_LIMIT_MS, NEVER);
    if (ready) site.log.info('Took over the embedded database that an earlier Platter left running');
    return ready ? left : null;
  } catch (error) {
    site.log.warn(`Ending the embedded database that an earlier Platter left: ${messageOf(error)}`);
    await endPostmaster(left);
    return null;
  }
}

/**
 * Starts the server on `port`, or on any free port when that is null. Resolves when it accepts
 * queries, or once `signal` is aborted.
 *
 * @throws an Error with the end of the server's log when it does not start; no process remains
 */
export async function launch(site: Site, port: number | null, signal: AbortSignal = NEVER): Promise<Postmaster> {
  const { postgres, major } = await findBinaries(site.directory, site.user);
  await requireVersion(site.cluster, major);
  await pruneServerLog(site.serverLog);
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port ?? (await freePort());
    const flags = serverFlags(site.cluster.dataFolder, chosen, site.serverLog.folder, site.durable);
    const postmaster = await spawnPostmaster(postgres, flags, chosen, site.serverLog.errorFile, site.user);
    try {
      const ready = await becomesReady(postmaster, site.cluster.password, READY_LIMIT_MS, signal);
      if (ready || signal.aborted) return postmaster;
    } catch (error) {
      await endPostmaster(postmaster);
      throw error;
    }
    const reason = `${await postmaster.exited}: ${await readLogTail(site.serverLog)}`;
    if (attempt === MAX_ATTEMPTS || !TRANSIENT_FAILURE.test(reason)) {
      throw new Error(
        `The embedded database does not start (${reason}). Correct the cause that its log names, then start Platter again.`,
      );
    }
    await delay(RETRY_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function requireVersion({ dataFolder }: Cluster, major: number): Promise<void> {
  const version = (await readFile(join(dataFolder, 'PG_VERSION'), 'utf8')).trim();
  if (version === String(major)) return;
  throw new Error(
    `The embedded database in ${dataFolder} was created by PostgreSQL ${version}; this Platter contains PostgreSQL ${major}, which cannot read it. ` +
      `Dump it with the Platter that created it and restore the dump here, or set DATABASE_URL to a PostgreSQL ${version} server of your own.`,
  );
}

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  if (address === null || typeof address === 'string')
    throw new Error(
      'The embedded database found no free port on 127.0.0.1. Free one, or set DATABASE_URL to a PostgreSQL server of your own.',
    );
  return address.port;
}

const NEVER = new AbortController().signal;
