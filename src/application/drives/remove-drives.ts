import type { Caller } from '../../domain/access/caller.ts';
import type { AuditEvent } from '../../domain/audit/audit-event.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { purgeNow, type PurgeNowDependencies } from '../media/purge-now.ts';
import { requireChange, requireVisible, type ChangeFailure, type VisibleMedia } from './visible-media.ts';
import { requireUnmoved } from '../media/require-unmoved.ts';
import { markForDeletion } from '../media/mark-for-deletion.ts';

export type RemoveDrivesFailure = ChangeFailure | 'media-protected';

/** Marks items for deletion, all of them or none. */
type RemoveMany = (ids: readonly (MediaId | null)[]) => Promise<void>;

interface Dependencies extends PurgeNowDependencies {
  readonly work: UnitOfWork;
}

/**
 * Removes items in any state, all of them or none. Work in progress on them stops, on every
 * replica.
 */
export class RemoveDrives {
  readonly #work: UnitOfWork;
  readonly #purging: PurgeNowDependencies;

  constructor({ work, purge, removals, log }: Dependencies) {
    this.#work = work;
    this.#purging = { purge, removals, log };
  }

  /**
   * Resolves when no caller sees the items any more. Deletes the bytes of finished items at once if
   * the pool can be reached. An id is null for a string that cannot be one.
   */
  async run(caller: Caller, ids: readonly (MediaId | null)[]): Promise<void> {
    await this.within(caller, async (_tx, remove) => remove(ids));
  }

  /**
   * Runs `work` in a transaction and then deletes the bytes of the items that it removed, as `run`
   * does.
   */
  async within(caller: Caller, work: (tx: Transaction, remove: RemoveMany) => Promise<void>): Promise<void> {
    const finished = await this.#work.onBehalfOf(caller).run(async (tx) => {
      const removed: MediaId[] = [];
      await work(tx, async (ids) => {
        removed.push(...(await removeAll(tx, caller, [...new Set(ids)])));
      });
      return removed;
    });
    await purgeNow(finished, this.#purging);
    // Uploads and jobs whose items were removed have to stop.
    this.#purging.removals.wake();
  }
}

async function removeAll(
  tx: Transaction,
  caller: Caller,
  ids: readonly (MediaId | null)[],
): Promise<readonly MediaId[]> {
  const seen: VisibleMedia[] = [];
  for (const id of ids) {
    const one = await requireVisible(tx, caller, id);
    await requireChange(tx, caller, one, 'velocity.media.remove');
    seen.push(one);
  }
  const groups = new Set(seen.map(({ group }) => group.id).sort((one, other) => one - other));
  for (const group of groups) await tx.groups.lockShared(group);

  // Media before usage, and usage pool by pool: the lock order of all transactions.
  const locked: VisibleMedia[] = [];
  for (const one of seen.toSorted((left, right) => (left.media.id < right.media.id ? -1 : 1))) {
    const media = await tx.media.lock(one.media.id);
    if (media === null || media.group === null) continue;
    locked.push({ ...one, media: requireUnmoved(media, { group: one.group.id, pool: one.media.pool }) });
  }
  if (locked.some(({ media }) => media.protected)) throw new DomainError('media-protected');
  await tx.audit.record(
    caller,
    ...locked.map(({ media: { id, size } }): AuditEvent => ({ action: 'media.remove', media: id, details: { size } })),
  );
  for (const { media, group } of locked.toSorted((left, right) => left.media.pool - right.media.pool)) {
    await markForDeletion(tx, media, group.path);
  }
  return locked.filter(({ media }) => media.state === 'ready').map(({ media }) => media.id);
}
