import type { MediaId } from '../../domain/shared/ids.ts';
import type { BlobContent } from '../ports/blob-store.ts';
import type { Log } from '../ports/log.ts';
import type { Removals } from '../ports/removals.ts';
import type { Purge } from './purge.ts';

export interface PurgeNowDependencies {
  readonly purge: Purge;
  readonly removals: Removals;
  readonly log: Log;
}

/**
 * Deletes the bytes of items that were just marked for deletion, one after the other; `written` as
 * for `Purge`. Never rejects: after a failure it logs, wakes the removals, and leaves the remaining
 * items to them.
 */
export async function purgeNow(
  ids: readonly MediaId[],
  { purge, removals, log }: PurgeNowDependencies,
  written?: BlobContent,
): Promise<void> {
  try {
    for (const id of ids) await purge.run(id, written);
  } catch (error) {
    log.warn({ media: ids, err: error }, 'the bytes of removed media stay until the pool can be reached');
    removals.wake();
  }
}
