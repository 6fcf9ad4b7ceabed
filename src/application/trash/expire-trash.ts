import { SYSTEM } from '../../domain/audit/audit-event.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import type { Removals } from '../ports/removals.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { purgeTrashed } from './purge-trashed.ts';

const SECONDS_PER_DAY = 86_400;
/** Groups per pass, and items per transaction. */
const BATCH = 100;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly pools: Pools;
  readonly removals: Removals;
  /** How many days items stay in the trash. */
  readonly trashDays: number;
}

/** Deletes items whose time in the trash is over. Any number of replicas may do so at once. */
export class ExpireTrash {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;
  readonly #removals: Removals;
  readonly #seconds: number;

  constructor({ work, pools, removals, trashDays }: Dependencies) {
    this.#work = work;
    this.#pools = pools;
    this.#removals = removals;
    this.#seconds = trashDays * SECONDS_PER_DAY;
  }

  /**
   * Marks the expired items for deletion, and wakes the process that deletes their bytes.
   *
   * @throws `unavailable`
   */
  async run(): Promise<void> {
    const groups = await this.#work.read((tx) => tx.trash.groupsWith(this.#seconds, BATCH));
    for (const group of groups) while ((await this.#expireIn(group)) === BATCH);
    if (groups.length > 0) this.#removals.wake();
  }

  /** Resolves with the number of items that it marked. */
  async #expireIn(id: GroupId): Promise<number> {
    const pools = this.#pools.map((pool) => pool.id);
    return this.#work.run(async (tx) => {
      const group = await tx.groups.lockShared(id);
      if (group === null) return 0;
      const items = await tx.trash.lockIn(id, pools, this.#seconds, BATCH);
      await purgeTrashed(tx, SYSTEM, group, items, 'expired');
      return items.length;
    });
  }
}
