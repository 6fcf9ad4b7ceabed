import { resolve } from 'node:path';
import { writeClusterCopy } from '../../adapters/embedded-postgres/cluster-copy.ts';
import type { Log } from '../../application/ports/log.ts';
import type { Config } from '../config/config.ts';
import { joinDepot } from '../server/depot.ts';

/**
 * Copies the embedded database into a file, atomically.
 *
 * @throws Error for the operator
 */
export async function backUp(config: Config, log: Log, file: string, stop: AbortSignal): Promise<void> {
  if (config.databaseUrl !== null) {
    throw new Error('DATABASE_URL is set: back up that database with the tools of its PostgreSQL, such as pg_dump');
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
