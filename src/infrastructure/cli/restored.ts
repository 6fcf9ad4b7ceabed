import type { Log } from '../../application/ports/log.ts';
import type { Media } from '../../domain/media/media.ts';
import type { Config } from '../config/config.ts';
import { openDepot } from '../server/depot.ts';
import { say } from './examination-output.ts';
import { withUseCases } from './with-use-cases.ts';

/**
 * Reconciles a database that was restored from a backup with the newer bytes, and prints each item
 * that it changed.
 *
 * @throws Error when a service runs on the data directory
 */
export async function reconcileRestored(config: Config, log: Log): Promise<void> {
  const depot = await openDepot(config, log);
  await withUseCases(depot, { config, log }, async (use) => {
    let count = 0;
    await use.reconcileRestored.run((media) => {
      count += 1;
      say(sentenceOf(media));
    });
    say(`${count} unfinished items in the backup; run platter doctor for other differences`);
  });
}

/** Quotes names, since clients choose them: none may look like a line of the output. */
function sentenceOf({ id, pool, blob, name, size, state }: Media): string {
  const item = `pool ${pool}: media item ${id} (${JSON.stringify(name)}, ${size} bytes)`;
  if (state === 'resizing') return `${item} was resizing: it has its new size`;
  return `${item} was ${state}: removed; its bytes stay, as blob ${blob}`;
}
