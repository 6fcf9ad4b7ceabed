import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dataFolderIn } from '../../../src/adapters/embedded-postgres/cluster.ts';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { makePassage } from '../../../src/adapters/embedded-postgres/folders.ts';
import { serverUser } from '../../../src/adapters/embedded-postgres/server-user.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Initialises a cluster below `directory` for others to copy, as a first start leaves it. */
export async function prepareCluster(directory: string): Promise<void> {
  const server = await startEmbeddedPostgres({ directory, log: quiet, durable: false });
  await server.stop();
}

/**
 * Copies the cluster that was prepared for this run below `directory`, the folder of an embedded
 * database, so that its first start need not initialise one. Copies have the same password.
 */
export async function copyPreparedCluster(directory: string, prepared = preparedCluster()): Promise<void> {
  await makePassage(directory, await serverUser(dataFolderIn(prepared)));
  await promisify(execFile)('cp', ['-a', join(prepared, 'cluster'), directory]);
}

function preparedCluster(): string {
  const { PLATTER_TEST_CLUSTER: prepared } = process.env;
  if (!prepared)
    throw new Error('There is no prepared cluster: start the tests with jest and the configuration of this project.');
  return prepared;
}
