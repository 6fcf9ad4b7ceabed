import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import { rightsOf } from '../../domain/pools/assignment.ts';
import type { Placement } from '../../domain/pools/placement.ts';
import { HOLDING_PERMISSIONS, LISTING_PERMISSION } from '../../domain/servers/attachment-rules.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId, MediaId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** Where an item was found, and whether its group may write to it there. */
export type CheckedMedia = Placement & { readonly writable: boolean };

/**
 * Requires the right to attach these items of groups to a server
 * (docs/servers.md#what-can-be-attached). Returns where each was found, and whether its group has
 * `write` on the pool: an item may move before it is locked. Locks
 * the grants and assignments that give the right until the transaction ends, so that a transaction
 * that revokes one sees the attachment.
 *
 * @throws `media-not-found` for an item that the caller does not see, or `permission-missing`
 */
export async function requireAttachRights(
  tx: Transaction,
  caller: Caller,
  media: readonly MediaId[],
): Promise<ReadonlyMap<MediaId, CheckedMedia>> {
  const belongings = new Map<MediaId, Placement>();
  for (const id of media) {
    const found = await tx.media.find(id);
    if (found?.group == null) throw new DomainError('media-not-found');
    belongings.set(id, { group: found.group, pool: found.pool });
  }
  const groups = await requireGroups(tx, caller, [...belongings.values()]);

  const checked = new Map<MediaId, CheckedMedia>();
  for (const [id, { group, pool }] of belongings) {
    const rights = rightsOf(group, await tx.assignments.lockShared(group, pool));
    if (rights === null || !groups.has(group)) throw new DomainError('media-not-found');
    checked.set(id, { group, pool, writable: rights.write });
  }
  return checked;
}

/**
 * Locks the groups in ascending order, and then the grants that give the right to the items of
 * each.
 */
async function requireGroups(
  tx: Transaction,
  caller: Caller,
  belongings: readonly Placement[],
): Promise<ReadonlySet<GroupId>> {
  const groups: Group[] = [];
  const ids = [...new Set(belongings.map(({ group }) => group))].sort((one, other) => one - other);
  for (const id of ids) {
    const group = await tx.groups.lockShared(id);
    if (group !== null) groups.push(group);
  }
  for (const { path } of groups) {
    const permissions = await tx.grants.lockShared(caller.id, [LISTING_PERMISSION, ...HOLDING_PERMISSIONS], path);
    if (!permissions.has(LISTING_PERMISSION)) throw new DomainError('media-not-found');
    if (!HOLDING_PERMISSIONS.some((permission) => permissions.has(permission))) {
      throw new DomainError('permission-missing', { permission: HOLDING_PERMISSIONS.join(' or ') });
    }
  }
  return new Set(groups.map(({ id }) => id));
}
