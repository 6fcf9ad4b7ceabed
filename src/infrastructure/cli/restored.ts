import { randomUUID } from 'node:crypto';
import type { Log } from '../../application/ports/log.ts';
import type { Media } from '../../domain/media/media.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import type { Config } from '../config/config.ts';
import { buildServices } from '../composition/container.ts';
import { openDepot } from '../server/depot.ts';
import { T } from '../composition/tokens.ts';

/**
 * Makes a database that was restored from a backup fit to be served, and says of what it did. Fails
 * beside a service on the same data directory.
 */
export async function reconcileRestored(config: Config, log: Log): Promise<void> {
  const depot = await openDepot(config, log);
  try {
    const services = await buildServices({
      config,
      connections: depot.connections,
      instance: randomUUID() as InstanceId,
      log,
    });
    let count = 0;
    await services.get(T.ReconcileRestored).run((media) => {
      count += 1;
      say(sentenceOf(media));
    });
    say(`${count} under way when the database was saved; platter doctor tells what else differs`);
  } finally {
    await depot.close();
  }
}

/** Names are what clients made them: quoted, so that none looks like a line of ours. */
function sentenceOf({ id, pool, blob, name, size, state }: Media): string {
  const what = `pool ${pool}: media ${id} (${JSON.stringify(name)}, ${size} bytes)`;
  if (state === 'resizing') return `${what} have the size that they were about to get`;
  return `${what} were ${state}: forgotten; what there is of their bytes stays, as ${blob}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
