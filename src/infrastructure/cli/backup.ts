import { resolve } from 'node:path';
import { writeClusterCopy } from '../../adapters/embedded-postgres/cluster-copy.ts';
import type { Log } from '../../application/ports/log.ts';
import type { Config } from '../config/config.ts';
import { joinDepot } from '../server/depot.ts';

/**
 * Copies the embedded database into a file, which is whole or as it was. Fails with an Error for
 * the operator.
 */
export async function backUp(config: Config, log: Log, file: string, stop: AbortSignal): Promise<void> {
  if (config.databaseUrl !== null) {
    throw new Error('DATABASE_URL is set: that database is copied by the tools of its own PostgreSQL, such as pg_dump');
  }
  const depot = await joinDepot(config, log);
  try {
    await writeClusterCopy(depot.url, resolve(file), stop);
  } catch (cause) {
    throw new Error(`${file} could not be written`, { cause });
  } finally {
    await depot.close();
  }
}
