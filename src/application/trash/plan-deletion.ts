import type { Caller } from '../../domain/access/caller.ts';
import type { Media } from '../../domain/media/media.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { requireVisible, type VisibilityFailure } from '../drives/visible-media.ts';
import type { Holder } from '../ports/server-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type PlanDeletionFailure = VisibilityFailure;

/** The consequences of deleting an item for good. */
export interface DeletionPlan {
  /** Whether nothing holds it. The rights of the caller do not matter. */
  readonly isDeletable: boolean;
  readonly isProtected: boolean;
  /** The number of servers that have it attached. */
  readonly serverCount: number;
  /** Some of them, for a caller who may remove the item. */
  readonly servers: readonly Holder[];
  /** The number of other items that share its bytes. */
  readonly cloneCount: number;
  /** Some of them, of those that the caller sees. */
  readonly clones: readonly Pick<Media, 'id' | 'name'>[];
  /** What its group is charged less. */
  readonly chargeFreed: Bytes;
  /** What its pool stores less: 0 while other items or jobs need the bytes. */
  readonly bytesFreed: Bytes;
}

/** The number of servers, and of clones, that a plan names. */
const MAX_NAMED = 20;

/** Shows what holds an item, and what its deletion would free. */
export class PlanDeletion {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, id: MediaId): Promise<DeletionPlan> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      const { media, group } = await requireVisible(tx, caller, id);
      const [holders, shared, mayRemove] = await Promise.all([
        tx.servers.holdersOf(id, MAX_NAMED),
        tx.changes.sharersOf(id, caller.id, MAX_NAMED),
        tx.grants.holds(caller.id, 'velocity.media.remove', group.path),
      ]);
      return {
        isDeletable: media.state === 'ready' && !media.protected && holders.count === 0,
        isProtected: media.protected,
        serverCount: holders.count,
        servers: mayRemove ? holders.oldest : [],
        cloneCount: shared.count,
        clones: shared.visible,
        chargeFreed: media.size,
        bytesFreed: shared.count > 0 || shared.isRead ? bytes(0) : shared.storedBytes,
      };
    });
  }
}
