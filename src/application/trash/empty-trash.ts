import type { Caller } from '../../domain/access/caller.ts';
import type { TrashFilter } from '../../domain/media/trash-filter.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { ROOT_GROUP, type GroupId, type MediaId, type PoolId } from '../../domain/shared/ids.ts';
import type { Removals } from '../ports/removals.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { purgeTrashed } from './purge-trashed.ts';
import { lockTrashed, type TrashFailure } from './require-trashed.ts';

export type EmptyTrashFailure = TrashFailure;

const PERMISSION = 'velocity.media.remove';
/** Items per transaction. */
const BATCH = 100;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly pools: Pools;
  readonly removals: Removals;
}

/** Deletes items in the trash before their time is over. */
export class EmptyTrash {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;
  readonly #removals: Removals;

  constructor({ work, pools, removals }: Dependencies) {
    this.#work = work;
    this.#pools = pools;
    this.#removals = removals;
  }

  /**
   * Marks one item for deletion, unless it is a dry run.
   */
  async one(caller: Caller, id: MediaId, dryRun: boolean): Promise<void> {
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      const { trashed, group } = await lockTrashed(tx, caller, id, PERMISSION);
      if (!dryRun) await purgeTrashed(tx, caller, group, [trashed], 'requested');
    });
    if (!dryRun) this.#removals.wake();
  }

  /**
   * Marks all items for deletion that the caller may delete: those of a group, of the groups below
   * it too, or of all groups. Resolves with their number; a dry run only counts them. Items that
   * come to the trash meanwhile may stay.
   */
  async all(caller: Caller, filter: TrashFilter, dryRun: boolean): Promise<number> {
    const work = this.#work.onBehalfOf(caller);
    const groups = await work.read((tx) => tx.trash.groupsFor(caller.id, PERMISSION, filter));
    let count = 0;
    for (const group of groups) {
      const empty = async (): Promise<number> => work.run(async (tx) => this.#emptyOne(tx, caller, group));
      count += dryRun ? await work.read(async (tx) => this.#countOf(tx, group)) : await untilNoneIsLeft(empty);
    }
    if (count > 0 && !dryRun) this.#removals.wake();
    return count;
  }

  /** Resolves with the number of items that it marked, at most `BATCH`. */
  async #emptyOne(tx: Transaction, caller: Caller, id: GroupId): Promise<number> {
    const group = await tx.groups.lockShared(id);
    if (group === null || !(await tx.grants.holds(caller.id, PERMISSION, group.path))) return 0;
    const items = await tx.trash.lockIn(id, await this.#managedPools(tx, id), 0, BATCH);
    await purgeTrashed(tx, caller, group, items, 'requested');
    return items.length;
  }

  async #countOf(tx: Transaction, id: GroupId): Promise<number> {
    return tx.trash.countIn(id, await this.#managedPools(tx, id));
  }

  async #managedPools(tx: Transaction, id: GroupId): Promise<readonly PoolId[]> {
    if (id === ROOT_GROUP) return this.#pools.map((pool) => pool.id);
    return (await tx.assignments.managedBy([id])).map(({ pool }) => pool);
  }
}

async function untilNoneIsLeft(empty: () => Promise<number>): Promise<number> {
  let count = 0;
  for (;;) {
    const last = await empty();
    count += last;
    if (last < BATCH) return count;
  }
}
