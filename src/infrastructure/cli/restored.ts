import type { Log } from '../../application/ports/log.ts';
import type { Media } from '../../domain/media/media.ts';
import type { Config } from '../config/config.ts';
import { openDepot } from '../server/depot.ts';
import { withUseCases } from './with-use-cases.ts';

/**
 * Makes a database that was restored from a backup fit to be served, and says of what it did. Fails
 * beside a service on the same data directory.
 */
export async function reconcileRestored(config: Config, log: Log): Promise<void> {
  const depot = await openDepot(config, log);
  await withUseCases(depot, { config, log }, async (use) => {
    let count = 0;
    await use.reconcileRestored.run((media) => {
      count += 1;
      say(sentenceOf(media));
    });
    say(`${count} under way when the database was saved; platter doctor tells what else differs`);
  });
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
