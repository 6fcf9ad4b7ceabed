import { platform } from 'node:os';
import { resolve } from 'node:path';
import { findBinaries } from './binaries.ts';
import { dataFolderIn, createCluster, openCluster } from './cluster.ts';
import { createTraversableFolder } from './server-folders.ts';
import type { Site } from './launch.ts';
import { adopt, launch } from './launch.ts';
import type { EmbeddedPostgresLog } from './log.ts';
import { urlOf } from './readiness.ts';
import { openServerLog } from './server-log.ts';
import { firstClosedFolder, serverUser } from './server-user.ts';
import { supervise } from './supervision.ts';

const RESTART_LIMIT_MS = 120_000;

export interface EmbeddedPostgresOptions {
  /**
   * The server's own folder, created when missing. Hold the data directory's lock, so that no other
   * process starts a server on it.
   */
  readonly directory: string;
  readonly log: EmbeddedPostgresLog;
  /** False gives up crash safety for speed, for databases that may be lost. Default true. */
  readonly durable?: boolean;
  /** How long to try to restart a crashed server before it counts as lost. Default two minutes. */
  readonly restartLimitMs?: number;
}

/** A PostgreSQL server that belongs to this process. */
export interface EmbeddedPostgres {
  /**
   * Address of the database, with its password. Stays the same until `stop`, also after a restart.
   */
  readonly url: string;
  /**
   * Resolves when the server crashed and could not be restarted in time. No further attempt
   * follows.
   */
  readonly lost: Promise<Error>;
  /** Ends sessions and shuts the server down cleanly, within 45 seconds. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that npm installed, on a free port of 127.0.0.1, and resolves when it
 * accepts queries. The first start creates the cluster. A server that a killed Platter left running
 * is taken over. A server that crashes is restarted on the same port.
 *
 * The server runs in its own session: no signal to our process group reaches it, and it runs until
 * `stop` or until the next start takes it over.
 *
 * @throws an Error that says what to do when PostgreSQL cannot run here, or one with the end of the
 * server's log when it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (platform() === 'win32') {
    throw new Error(
      'The embedded PostgreSQL needs Linux or macOS. Set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
  const site = await prepare(resolve(options.directory), options.log, options.durable ?? true);
  const postmaster = (await adopt(site)) ?? (await launch(site, null));
  return {
    url: urlOf(postmaster.port, site.cluster.password),
    ...supervise(site, postmaster, options.restartLimitMs ?? RESTART_LIMIT_MS),
  };
}

async function prepare(directory: string, log: EmbeddedPostgresLog, durable: boolean): Promise<Site> {
  const user = await serverUser(dataFolderIn(directory));
  await createTraversableFolder(directory, user);
  if (user) {
    const closed = await firstClosedFolder(directory, user);
    if (closed !== null) {
      throw new Error(
        `Started as root, Platter runs its database as another user (uid ${user.uid}), which may not enter ${closed}. ` +
          `Let that user pass (chmod o+x ${closed}), set PLATTER_DATA_DIR to a folder that all users may enter, ` +
          'start Platter as another user than root, or set DATABASE_URL to a PostgreSQL server of your own.',
      );
    }
  }
  const serverLog = await openServerLog(directory, user);
  let cluster = await openCluster(directory);
  if (!cluster) {
    log.info(`Initialising the embedded database in ${directory}`);
    const { initdb } = await findBinaries(directory, user);
    await createCluster(directory, initdb, user, durable, log);
    cluster = await openCluster(directory);
  }
  if (!cluster)
    throw new Error(`The embedded database in ${directory} disappeared while it was created. Start Platter again.`);
  return { directory, user, cluster, serverLog, durable, log };
}
