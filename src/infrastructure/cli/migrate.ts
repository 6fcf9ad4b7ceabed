import type { Log } from '../../application/ports/log.ts';
import type { Config } from '../config/config.ts';
import { joinDepot } from '../server/depot.ts';

/** Runs the pending migrations, as each start does. */
export async function migrate(config: Config, log: Log): Promise<void> {
  const depot = await joinDepot(config, log);
  await depot.close();
}
