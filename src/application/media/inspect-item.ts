import { growthOf } from '../../domain/media/formats/disk-image.ts';
import { findPool, type Pools } from '../../domain/pools/pool.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { Inspection } from './inspection.ts';
import { requireRoomToGrow, type ChargedItem } from './require-room-to-grow.ts';

export interface InspectItemDependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
}

/**
 * Returns the inspection of an item whose bytes arrive. It refuses hostile images, and thin images
 * whose growth could exceed the quotas.
 */
export function inspectItem(item: ChargedItem, { work, stores, pools }: InspectItemDependencies): Inspection {
  return new Inspection(item.size, findPool(pools, item.pool)?.capacity ?? null, async (facts) => {
    if (growthOf(facts, item.size) === 0) return;
    await work.run(async (tx) => requireRoomToGrow(tx, stores, item, facts));
  });
}
