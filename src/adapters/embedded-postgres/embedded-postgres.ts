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
   * The server's own folder, made when missing. Nobody else may start a server on it meanwhile:
   * hold the data directory's lock.
   */
  readonly directory: string;
  readonly log: EmbeddedPostgresLog;
  /**
   * False gives up crash safety for speed: only for databases that nobody will miss. Default true.
   */
  readonly durable?: boolean;
  /**
   * For how long a crashed server is tried to be started again before it counts as lost. Default
   * two minutes.
   */
  readonly restartLimitMs?: number;
}

/** A PostgreSQL server that belongs to this process. */
export interface EmbeddedPostgres {
  /**
   * Address of the database, with its password. Stays the same until `stop`, also when the server
   * crashes and is started again.
   */
  readonly url: string;
  /**
   * Resolves when the server crashed and could not be started again in time. Nobody tries any
   * longer then.
   */
  readonly lost: Promise<Error>;
  /**
   * Ends the server in good order: sessions are cut off, everything is written down. Takes 45
   * seconds at most. Safe to call twice.
   */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that npm installed, on a free port of 127.0.0.1, and resolves when it
 * answers. The first start makes the cluster; later ones find it. A server that a killed Platter
 * left running is taken over; one that crashes is started again on the same port.
 *
 * The server runs in a session of its own: no signal to our process group reaches it, and it lives
 * until `stop`, or for the next start to find.
 *
 * Throws an Error that says what to do when PostgreSQL can't run here, and one with the server's
 * last words when it does not start.
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
        `Started as root, Platter runs its database as another user (uid ${user.uid}), who may not enter ${closed}. ` +
          `Let it pass (chmod o+x ${closed}), set PLATTER_DATA_DIR to a folder that everybody may enter, ` +
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
  if (!cluster) throw new Error(`The embedded database in ${directory} vanished while it was being made.`);
  return { directory, user, cluster, serverLog, durable, log };
}
