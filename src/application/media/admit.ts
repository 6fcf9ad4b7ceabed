import type { Caller } from '../../domain/access/caller.ts';
import type { Media } from '../../domain/media/media.ts';
import type { UnderWay } from '../../domain/media/media-states.ts';
import { provenanceBy } from '../../domain/media/provenance.ts';
import { rightsOf } from '../../domain/pools/assignment.ts';
import { findPool, type Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId, MediaId, PoolId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import { requirePermission } from '../access/require-permission.ts';
import type { LeaseTerms, NewMedia } from '../ports/media-repository.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { charge } from './charge.ts';

/** A media item to store. */
export type MediaOrder = Pick<Media, 'name' | 'type' | 'size' | 'readOnly'> & {
  readonly pool: PoolId;
  readonly group: GroupId;
};

/** Refusals before any byte moves. */
export type AdmissionFailure =
  | 'name-invalid'
  | 'permission-missing'
  | 'pool-not-found'
  | 'group-not-found'
  | 'not-manager'
  | 'media-name-taken'
  | 'quota-exceeded';

/**
 * Admits a new media item: checks that the caller may store it, inserts its row with a lease, and
 * charges its size. Returns the location that its bytes go to. Every way in uses this one order of
 * checks (docs/velocity.md#order-of-checks): permission → pool → group → `manage` → name → quota.
 */
export async function admit(
  tx: Transaction,
  pools: Pools,
  caller: Caller,
  id: MediaId,
  order: MediaOrder,
  state: UnderWay,
  lease: LeaseTerms,
): Promise<number> {
  return admitBy(tx, pools, caller, { ...order, id, state, createdBy: caller.uuid }, async (media) =>
    tx.media.insert(media, lease),
  );
}

/** Admits as `admit` does; `store` inserts the row. Returns the result of `store`. */
export async function admitBy<T>(
  tx: Transaction,
  pools: Pools,
  caller: Caller,
  order: NewMedia,
  store: (media: NewMedia) => Promise<T>,
): Promise<T> {
  requireName(order.name);
  requireName(order.type);

  const [group, assigned] = await Promise.all([
    tx.groups.lockShared(order.group),
    tx.assignments.find(order.group, order.pool),
  ]);
  await requirePermission(tx, caller, 'velocity.media.create', group);
  if (findPool(pools, order.pool) === null) throw new DomainError('pool-not-found');
  if (group === null) throw new DomainError('group-not-found');
  const rights = rightsOf(group.id, assigned);
  if (rights?.manage !== true) throw new DomainError('not-manager');

  const provenance = order.provenance ?? provenanceBy(order.state, caller.origin?.channel);
  const stored = await store({ ...order, provenance });
  await charge(tx, group, order.pool, order.size, 1);
  return stored;
}
