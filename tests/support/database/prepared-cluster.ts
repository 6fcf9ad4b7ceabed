import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dataFolderIn } from '../../../src/adapters/embedded-postgres/cluster.ts';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { createTraversableFolder } from '../../../src/adapters/embedded-postgres/server-folders.ts';
import { serverUser } from '../../../src/adapters/embedded-postgres/server-user.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Initialises a cluster below `directory` as a first start leaves it, for tests to copy. */
export async function prepareCluster(directory: string): Promise<void> {
  const server = await startEmbeddedPostgres({ directory, log: quiet, durable: false });
  await server.stop();
}

/**
 * Copies the prepared cluster of this test run below `directory`, the folder of an embedded
 * database, so that its first start need not run initdb. All copies have the same password.
 */
export async function copyPreparedCluster(directory: string, prepared = preparedCluster()): Promise<void> {
  await createTraversableFolder(directory, await serverUser(dataFolderIn(prepared)));
  await promisify(execFile)('cp', ['-a', join(prepared, 'cluster'), directory]);
}

function preparedCluster(): string {
  const { PLATTER_TEST_CLUSTER: prepared } = process.env;
  if (!prepared)
    throw new Error('PLATTER_TEST_CLUSTER is not set: run the tests with jest and the configuration of this project.');
  return prepared;
}
