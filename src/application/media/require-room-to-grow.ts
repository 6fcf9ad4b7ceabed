import { growthOf } from '../../domain/media/formats/disk-image.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { Media } from '../../domain/media/media.ts';
import { tightestLevel } from '../../domain/quotas/headroom.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { levelOf } from '../ports/usage-repository.ts';

/** An item whose size is charged. */
export type ChargedItem = Pick<Media, 'size' | 'readOnly'> & { readonly pool: PoolId; readonly group: GroupId };

/**
 * Refuses a writable thin image whose growth could exceed the quotas, on a pool in which
 * hypervisors write to the file (docs/velocity.md#thin-images). Its growth must fit into the
 * current headroom of its group, all groups above it and the pool. Charges nothing.
 *
 * @throws `quota-exceeded`, or `group-not-found` if the group was removed meanwhile
 */
export async function requireRoomToGrow(
  tx: Transaction,
  stores: BlobStores<BlobContent>,
  item: ChargedItem,
  facts: ImageFacts,
): Promise<void> {
  const growth = growthOf(facts, item.size);
  if (growth === 0 || item.readOnly || !isWrittenInPlace(stores, item.pool)) return;
  const group = await tx.groups.find(item.group);
  if (group === null) throw new DomainError('group-not-found');
  const [usage, pools] = await Promise.all([tx.usage.ofPath(group.path, item.pool), tx.pools.levels([item.pool])]);
  const found = tightestLevel([...usage.map(levelOf), ...pools.values()]);
  if (found === null || growth <= found.left) return;
  throw new DomainError('quota-exceeded', {
    needed: growth,
    left: found.left,
    limitedBy: found.level.kind,
    growsTo: facts.virtualSize,
  });
}

/**
 * Whether hypervisors write to files of a pool in place. While it moves, an item may come to lie in
 * either location.
 */
export function isWrittenInPlace(stores: BlobStores<BlobContent>, pool: PoolId): boolean {
  return stores.locations(pool).some((location) => !stores.of(pool, location).immutable);
}
