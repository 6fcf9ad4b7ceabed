import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, open, readFile, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../shared/error-code.ts';
import { syncFolder } from '../shared/sync-folder.ts';
import { createServerFolder } from './server-folders.ts';
import type { EmbeddedPostgresLog } from './log.ts';
import type { ServerUser } from './server-user.ts';
import { ENVIRONMENT, initialisationFlags } from './settings.ts';

/** The data folder of PostgreSQL and the password of its only role. */
export interface Cluster {
  readonly dataFolder: string;
  readonly password: string;
}

const CLUSTER_FOLDER = 'cluster';
const STAGING_PREFIX = 'initialising-';
const INITIALISATION_LIMIT_MS = 300_000;

/** Returns the path of PostgreSQL's data folder below `directory`. */
export function dataFolderIn(directory: string): string {
  return join(directory, CLUSTER_FOLDER, 'pgdata');
}

/**
 * Returns the cluster below `directory`, or null when none has been created.
 *
 * @throws an Error that names the file when it cannot be read
 */
export async function openCluster(directory: string): Promise<Cluster | null> {
  const folder = join(directory, CLUSTER_FOLDER);
  const present = await stat(folder).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw new Error(`The embedded database in ${folder} cannot be read. Let the user that Platter runs as read it.`, {
        cause: error,
      });
    },
  );
  if (!present) return null;
  const passwordFile = join(folder, 'password');
  const password = await readFile(passwordFile, 'utf8').catch((cause: unknown) => {
    throw new Error(
      `The password of the embedded database, ${passwordFile}, cannot be read. Let the user that Platter runs as read it.`,
      { cause },
    );
  });
  return { dataFolder: await realpath(dataFolderIn(directory)), password: password.trim() };
}

/**
 * Creates the cluster, with a random password. Builds it in a staging folder that is renamed at the
 * end, so that a crash at any moment leaves a complete cluster or none. Deletes the staging folders
 * of earlier crashes.
 */
export async function createCluster(
  directory: string,
  initdb: string,
  user: ServerUser | null,
  durable: boolean,
  log: EmbeddedPostgresLog,
): Promise<void> {
  await removeUnfinished(directory, log);
  const staging = await mkdtemp(join(directory, STAGING_PREFIX));
  if (user) await chmod(staging, 0o711);
  const passwordFile = join(staging, 'password');
  const password = await open(passwordFile, 'wx', 0o600);
  try {
    await password.writeFile(`${randomBytes(32).toString('base64url')}\n`);
    if (user) await password.chown(user.uid, user.gid);
    await password.sync();
  } finally {
    await password.close();
  }
  const dataFolder = join(staging, 'pgdata');
  await createServerFolder(dataFolder, user);
  await runInitdb(initdb, initialisationFlags(dataFolder, passwordFile, durable), user);
  await syncFolder(staging);
  await rename(staging, join(directory, CLUSTER_FOLDER));
  await syncFolder(directory);
}

/**
 * Deletes staging folders. An `initdb` that outlived its Platter may still write into one; that
 * folder stays until the next start.
 */
async function removeUnfinished(directory: string, log: EmbeddedPostgresLog): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(STAGING_PREFIX)) continue;
    log.info('Deleting the remains of an interrupted initialisation of the embedded database');
    await rm(join(directory, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function runInitdb(initdb: string, flags: string[], user: ServerUser | null): Promise<void> {
  // Like the server, initdb gets its own session, so that a Ctrl-C meant for Platter does not
  // interrupt it.
  const child = spawn(initdb, flags, {
    ...(user ?? {}),
    cwd: '/',
    env: ENVIRONMENT,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: INITIALISATION_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  let errorOutput = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-2000);
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error('initdb could not be started', { cause })));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `The embedded database could not be initialised (initdb: ${code ?? signal}): ${errorOutput.trim()}`,
          ),
        );
    });
  });
}
