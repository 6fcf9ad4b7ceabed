import type { Caller } from '../../domain/access/caller.ts';
import { rightsOf } from '../../domain/pools/assignment.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { requirePermission } from '../access/require-permission.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { mediaInUse } from './media-in-use.ts';
import { purgeNow, type PurgeNowDependencies } from './purge-now.ts';
import { markForDeletion } from './mark-for-deletion.ts';
import { unknownMedia } from './unknown-media.ts';

export type RemoveMediaFailure =
  'permission-missing' | 'media-not-found' | 'not-manager' | 'media-in-use' | 'media-protected';

const PERMISSION = 'velocity.media.remove';

interface Dependencies extends PurgeNowDependencies {
  readonly work: UnitOfWork;
}

/**
 * Removes finished items that no server has attached, also read-only ones. Only the operator
 * withdraws library drives.
 */
export class RemoveMedia {
  readonly #work: UnitOfWork;
  readonly #purging: PurgeNowDependencies;

  constructor({ work, purge, removals, log }: Dependencies) {
    this.#work = work;
    this.#purging = { purge, removals, log };
  }

  /**
   * Resolves when no caller sees the item any more. Deletes its bytes at once if the pool can be
   * reached, else later. `id` is null for a string that cannot be an id. Only callers who may
   * remove media of the root group learn that an item does not exist (docs/velocity.md#media).
   */
  async run(caller: Caller, id: MediaId | null): Promise<void> {
    let removed: MediaId | null = null;
    while (removed === null) removed = await this.#work.onBehalfOf(caller).run((tx) => remove(tx, caller, id));
    await purgeNow([removed], this.#purging);
  }
}

/** Returns null, having changed nothing, if the item moved meanwhile: its rights may differ. */
async function remove(tx: Transaction, caller: Caller, id: MediaId | null): Promise<MediaId | null> {
  const found = id === null ? null : await tx.media.find(id);
  if (found?.state !== 'ready' || found.group === null) throw await unknownMedia(tx, caller, PERMISSION);
  const [group, assigned] = await Promise.all([
    tx.groups.lockShared(found.group),
    tx.assignments.find(found.group, found.pool),
  ]);
  if (group === null) throw await unknownMedia(tx, caller, PERMISSION);

  await requirePermission(tx, caller, PERMISSION, group);
  if (rightsOf(group.id, assigned)?.manage !== true) throw new DomainError('not-manager');

  // Queries after the lock see every change that was made before it.
  const [media, isPublished, servers] = await Promise.all([
    tx.media.lock(found.id),
    tx.library.has(found.id),
    tx.servers.having(found.id),
  ]);
  if (media?.state !== 'ready') throw await unknownMedia(tx, caller, PERMISSION);
  if (media.group !== group.id || media.pool !== found.pool) return null;
  if (isPublished) throw new DomainError('media-in-use', { servers: 0, named: [] });
  if (servers.length > 0) throw await mediaInUse(tx, found.id);
  if (media.protected) throw new DomainError('media-protected');
  await tx.audit.record(caller, { action: 'media.remove', media: media.id, details: { size: media.size } });
  await markForDeletion(tx, media, group.path);
  return media.id;
}
