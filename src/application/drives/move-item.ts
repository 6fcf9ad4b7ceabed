import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import type { AuditEvent } from '../../domain/audit/audit-event.ts';
import type { Media } from '../../domain/media/media.ts';
import { rightsOf } from '../../domain/pools/assignment.ts';
import { findPool, type Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import { requirePermission } from '../access/require-permission.ts';
import { requireChange, type VisibleMedia } from './visible-media.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { transferCharge } from '../media/charge.ts';
import { mediaInUse } from '../media/media-in-use.ts';
import { requireRoomToGrow } from '../media/require-room-to-grow.ts';

/** Refusals of a move. */
export type MoveItemFailure = 'pool-not-found' | 'group-not-found' | 'media-in-use';

/** The group and the pool that an item is to have. */
export interface MoveTarget {
  readonly group: GroupId;
  readonly pool: PoolId;
}

/**
 * Requires the rights to move an item, and locks both groups by ascending id. An item leaves its
 * group as if it were removed, and is admitted to the other as a new one: the order of checks is
 * that of `admit`. Returns the new group.
 *
 * @throws `permission-missing`, `not-manager`, `pool-not-found` or `group-not-found`
 */
export async function requireMove(
  tx: Transaction,
  pools: Pools,
  caller: Caller,
  visible: VisibleMedia,
  target: MoveTarget,
): Promise<Group> {
  const from = visible.group.id;
  const leaves = target.group !== from;
  await requireChange(tx, caller, visible, leaves ? 'velocity.media.remove' : 'velocity.media.create');
  const locked = new Map<GroupId, Group | null>();
  for (const id of [...new Set([from, target.group])].sort((one, other) => one - other)) {
    locked.set(id, await tx.groups.lockShared(id));
  }
  const group = locked.get(target.group) ?? null;
  await requirePermission(tx, caller, 'velocity.media.create', group);
  if (findPool(pools, target.pool) === null) throw new DomainError('pool-not-found');
  if (group === null) throw new DomainError('group-not-found');
  const rights = rightsOf(group.id, await tx.assignments.find(group.id, target.pool));
  if (rights?.manage !== true) throw new DomainError('not-manager');
  return group;
}

/**
 * Gives a locked item in `ready` to another group, with its charge. A job that only reads the item
 * goes on.
 *
 * @throws `media-in-use` while a server has it, `media-busy` while a job changes it, or
 *   `quota-exceeded`; then roll the transaction back
 */
export async function moveToGroup(
  tx: Transaction,
  stores: BlobStores<BlobContent>,
  caller: Caller,
  media: Media,
  from: Group,
  to: Group,
): Promise<void> {
  const [servers, stored] = await Promise.all([tx.servers.having(media.id), tx.media.findStored(media.id)]);
  if (servers.length > 0) throw await mediaInUse(tx, media.id);
  if (stored === null) throw new DomainError('media-busy');
  await tx.itemMoves.changeGroup(media.id, to.id);
  await recordMove(tx, caller, media, from, { group: to.id, pool: media.pool });
  await transferCharge(tx, from, to, media.pool, media.size);
  await requireRoomToGrow(tx, stores, { ...media, group: to.id }, stored.facts);
}

/** Records a move for the readers of both groups. */
export async function recordMove(
  tx: Transaction,
  caller: Caller,
  { id, pool, size }: Media,
  from: Group,
  to: MoveTarget,
): Promise<void> {
  const details = { size, fromGroup: from.id, fromPool: pool, toGroup: to.group, toPool: to.pool };
  const event: AuditEvent = { action: 'media.move', media: id, details };
  const left: AuditEvent = { ...event, group: from.id, pool };
  const entered: AuditEvent = { ...event, ...to };
  await tx.audit.record(caller, ...(to.group === from.id ? [left] : [left, entered]));
}
