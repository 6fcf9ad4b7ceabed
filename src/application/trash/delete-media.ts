import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import type { Media } from '../../domain/media/media.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { ItemDetails } from '../../domain/media/media-listing.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { requireChange, requireVisible, type ChangeFailure } from '../drives/visible-media.ts';
import { requireUnmoved } from '../media/require-unmoved.ts';
import { requireItem } from '../media/view-item.ts';
import { markForDeletion } from '../media/mark-for-deletion.ts';
import { mediaInUse } from '../media/media-in-use.ts';
import { purgeNow, type PurgeNowDependencies } from '../media/purge-now.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';

export type DeleteMediaFailure = ChangeFailure | 'media-in-use' | 'media-protected';

/** How an item is deleted. */
export interface DeletionTerms {
  /** Deletes the bytes instead of moving the item to the trash. */
  readonly permanent: boolean;
  /** Checks everything and changes nothing. */
  readonly dryRun: boolean;
  /** Throws unless the item is as the caller knows it; null for any. */
  readonly precondition?: ((item: ItemDetails) => void) | null;
}

interface Dependencies extends PurgeNowDependencies {
  readonly work: UnitOfWork;
  /** How many days items stay in the trash; 0 for no trash. */
  readonly trashDays: number;
}

/**
 * Moves finished items to the trash, or deletes them. Items that a server has attached, library
 * drives and protected items are refused.
 */
export class DeleteMedia {
  readonly #work: UnitOfWork;
  readonly #purging: PurgeNowDependencies;
  readonly #hasTrash: boolean;

  constructor({ work, purge, removals, log, trashDays }: Dependencies) {
    this.#work = work;
    this.#purging = { purge, removals, log };
    this.#hasTrash = trashDays > 0;
  }

  /**
   * Resolves when no list shows the item any more.
   *
   * @throws `media-busy` for an unfinished item: cancel its upload or its job instead
   */
  async run(caller: Caller, id: MediaId, { permanent, dryRun, precondition }: DeletionTerms): Promise<void> {
    const isDeleted = permanent || !this.#hasTrash;
    const deleted = await this.#work.onBehalfOf(caller).run(async (tx) => {
      const found = await lockDeletable(tx, caller, id);
      precondition?.(await requireItem(tx, caller, id));
      if (dryRun) return [];
      const { media, path } = found;
      const action = isDeleted ? 'media.remove' : 'media.trash';
      await tx.audit.record(caller, { action, media: media.id, details: { size: media.size } });
      if (isDeleted) await markForDeletion(tx, media, path);
      else await tx.trash.add(media.id, caller.uuid);
      return isDeleted ? [media.id] : [];
    });
    await purgeNow(deleted, this.#purging);
  }
}

/** Locks an item that the caller may delete now, and its group. */
async function lockDeletable(
  tx: Transaction,
  caller: Caller,
  id: MediaId,
): Promise<{ readonly media: Media; readonly path: Group['path'] }> {
  const visible = await requireVisible(tx, caller, id);
  await requireChange(tx, caller, visible, 'velocity.media.remove');
  const group = await tx.groups.lockShared(visible.group.id);
  // Queries after the lock see every change that was made before it.
  const [media, servers] = await Promise.all([tx.media.lock(visible.media.id), tx.servers.having(visible.media.id)]);
  if (group === null || media === null) throw new DomainError('media-not-found');
  requireUnmoved(media, { group: group.id, pool: visible.media.pool });
  if (media.state !== 'ready') throw new DomainError('media-busy');
  if (servers.length > 0) throw await mediaInUse(tx, media.id);
  if (media.protected) throw new DomainError('media-protected');
  return { media, path: group.path };
}
